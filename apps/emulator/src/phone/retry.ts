import { proto } from '@whiskeysockets/baileys';
import { takeBundle } from '../actions/key-bundles.ts';
import { isGroupJid } from '../binary/jid.ts';
import { attr, bytes, child, node, type Stanza, uint } from '../binary/node.ts';
import { endpointOf, lidOf } from '../network/accounts.ts';
import { seconds } from '../network/context.ts';
import type { KeyBundle, PublicPreKey } from '../network/state.ts';
import { relayMessage } from '../stanzas/message.ts';
import { relayReceipt } from '../stanzas/receipt.ts';
import { findSent } from './notebook.ts';
import type { Incoming, Phone } from './phone.ts';

const MAX_RETRIES = 5;

/** Asks the author's device to encrypt a message anew, with fresh keys of this phone to do it with. */
export function askAgain(phone: Phone, { stanza, author }: Incoming): void {
	const id = attr(stanza, 'id');
	const key = `${lidOf(author)} ${id}`;
	const count = (phone.retries.get(key) ?? 0) + 1;
	if (count > MAX_RETRIES) return;
	phone.retries.set(key, count);
	const bundle = takeBundle(phone.ctx, phone.endpoint);
	const retry = { count: String(count), id, t: seconds(phone.ctx.nowMs()), v: '1', error: '0' };
	const receipt = node(
		'receipt',
		{ id, type: 'retry', to: attr(stanza, 'from'), participant: stanza.attrs.participant },
		[
			node('retry', retry),
			node('registration', {}, bigEndian(bundle.registrationId, 4)),
			node('keys', {}, [
				node('type', {}, Buffer.from([5])),
				node('identity', {}, Buffer.from(bundle.identity, 'base64')),
				...(bundle.preKey ? [node('key', {}, keyFields(bundle.preKey))] : []),
				node('skey', {}, [
					...keyFields(bundle.signedPreKey),
					node('signature', {}, Buffer.from(bundle.signedPreKey.signature, 'base64')),
				]),
			]),
		],
	);
	relayReceipt(phone.ctx, phone.endpoint, receipt);
}

/**
 * Answers a retry receipt: a new session with exactly that device, from the keys in the receipt or from the server, and the
 * same message under the same id, together with the sender key of the group.
 */
export async function sendAgain(phone: Phone, receipt: Stanza): Promise<void> {
	const from = attr(receipt, 'from');
	const id = attr(receipt, 'id');
	const requester = endpointOf(phone.ctx.network, receipt.attrs.participant ?? from);
	const sent = findSent(phone.notebook, id);
	if (!requester || !sent) return;
	const peer = lidOf(requester);
	await phone.signal.renewSession(peer, bundleOf(receipt) ?? takeBundle(phone.ctx, requester));
	const message: proto.IMessage = proto.Message.decode(Buffer.from(sent.message, 'base64'));
	const group = isGroupJid(from);
	if (group) {
		const axolotlSenderKeyDistributionMessage = phone.signal.senderKeys.distribution(from);
		message.senderKeyDistributionMessage = { groupId: from, axolotlSenderKeyDistributionMessage };
	}
	const own = requester.account === phone.endpoint.account;
	const content = own && !group ? { deviceSentMessage: { destinationJid: sent.chat, message } } : message;
	const { type, ciphertext } = await phone.signal.encrypt(peer, content, () =>
		takeBundle(phone.ctx, requester),
	);
	const count = child(receipt, 'retry')?.attrs.count ?? '1';
	const enc = node('enc', { v: '2', type, count }, ciphertext);
	const to = group ? { to: from, participant: peer, addressing_mode: 'lid' } : { to: peer };
	relayMessage(phone.ctx, phone.endpoint, node('message', { id, type: 'text', ...to }, [enc]));
}

/** The keys a client puts into its second retry receipt. */
function bundleOf(receipt: Stanza): KeyBundle | undefined {
	const keys = child(receipt, 'keys');
	if (!keys) return undefined;
	const key = child(keys, 'key');
	const skey = child(keys, 'skey');
	return {
		registrationId: uint(child(receipt, 'registration')),
		identity: bytes(child(keys, 'identity'), 32).toString('base64'),
		signedPreKey: { ...publicKeyOf(skey), signature: bytes(child(skey, 'signature'), 64).toString('base64') },
		...(key ? { preKey: publicKeyOf(key) } : {}),
	};
}

function publicKeyOf(key: Stanza | undefined): PublicPreKey {
	return { id: uint(child(key, 'id')), value: bytes(child(key, 'value'), 32).toString('base64') };
}

function keyFields({ id, value }: PublicPreKey): Stanza[] {
	return [node('id', {}, bigEndian(id, 3)), node('value', {}, Buffer.from(value, 'base64'))];
}

function bigEndian(value: number, length: number): Buffer {
	const out = Buffer.alloc(length);
	out.writeUIntBE(value, 0, length);
	return out;
}
