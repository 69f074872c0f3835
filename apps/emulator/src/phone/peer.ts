import type { proto } from '@whiskeysockets/baileys';
import { takeBundle } from '../actions/key-bundles.ts';
import { pnJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { deviceOf, lidOf } from '../network/accounts.ts';
import { newStanzaId } from '../network/context.ts';
import { relayMessage } from '../stanzas/message.ts';
import type { Phone } from './phone.ts';

/** A message of the phone to one of its own companions, which nobody else gets to see. */
export async function tellCompanion(phone: Phone, deviceId: number, message: proto.IMessage): Promise<void> {
	const { account } = phone.endpoint;
	const companion = { account, deviceId };
	if (!deviceOf(account, deviceId)) return;
	const bundle = () => takeBundle(phone.ctx, companion);
	const { type, ciphertext } = await phone.signal.encrypt(lidOf(companion), message, bundle);
	const attrs = { id: newStanzaId(), to: pnJid(account.phone, deviceId), type: 'text', category: 'peer' };
	const enc = node('enc', { v: '2', type }, ciphertext);
	relayMessage(phone.ctx, phone.endpoint, node('message', attrs, [enc]));
}
