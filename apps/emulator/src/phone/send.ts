import { proto } from '@whiskeysockets/baileys';
import { membersOf } from '../actions/group-notices.ts';
import { takeBundle } from '../actions/key-bundles.ts';
import { groupJid, lidJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { type Endpoint, endpointsOf, lidOf, sameEndpoint } from '../network/accounts.ts';
import { groupFor } from '../network/groups.ts';
import type { Account, Group } from '../network/state.ts';
import { relayMessage } from '../stanzas/message.ts';
import { noteRead, noteSent } from './notebook.ts';
import { kindOf, type Phone, textOf } from './phone.ts';

/**
 * Writes to a group. Every linked device that does not have this phone's sender key yet gets it along with the message,
 * encrypted for that device alone; which devices have it is remembered in the vault.
 */
export async function sendToGroup(
	phone: Phone,
	groupId: string,
	id: string,
	message: proto.IMessage,
): Promise<void> {
	const group = groupFor(phone.ctx.network, groupId, phone.endpoint.account);
	const jid = groupJid(group.id);
	const sealed = await phone.signal.encryptGroup(jid, phone.jid, message);
	const memory = (await phone.vault.keys.get('sender-key-memory', [jid]))[jid] ?? {};
	const senderKeyMessage = {
		senderKeyDistributionMessage: { groupId: jid, axolotlSenderKeyDistributionMessage: sealed.senderKey },
	};
	const recipients: Stanza[] = [];
	for (const recipient of endpoints(phone, group)) {
		const peer = lidOf(recipient);
		if (recipient.deviceId === 0) recipients.push(node('to', { jid: peer }, [plaintext(message)]));
		else if (!memory[peer]) {
			recipients.push(node('to', { jid: peer }, [await encFor(phone, recipient, senderKeyMessage)]));
			memory[peer] = true;
		}
	}
	await phone.vault.keys.set({ 'sender-key-memory': { [jid]: memory } });
	const attrs = { id, to: jid, type: 'text', addressing_mode: 'lid' };
	const enc = node('enc', { v: '2', type: 'skmsg' }, sealed.ciphertext);
	note(phone, jid, id, message);
	relayMessage(
		phone.ctx,
		phone.endpoint,
		node('message', attrs, [enc, node('participants', {}, recipients)]),
	);
}

/** Writes to a person: to each of their devices, and to the account's own linked devices as "sent by another device". */
export async function sendToPerson(
	phone: Phone,
	to: Account,
	id: string,
	message: proto.IMessage,
): Promise<void> {
	const { account } = phone.endpoint;
	const sentMessage = { deviceSentMessage: { destinationJid: lidJid(to.lid), message } };
	const recipients: Stanza[] = [];
	for (const recipient of [...endpointsOf(to), ...(to === account ? [] : endpointsOf(account))]) {
		if (sameEndpoint(recipient, phone.endpoint)) continue;
		const content = recipient.account === account ? sentMessage : message;
		const part = recipient.deviceId === 0 ? plaintext(content) : await encFor(phone, recipient, content);
		recipients.push(node('to', { jid: lidOf(recipient) }, [part]));
	}
	const attrs = { id, to: lidJid(to.lid), type: 'text' };
	note(phone, to.phone, id, message);
	relayMessage(phone.ctx, phone.endpoint, node('message', attrs, [node('participants', {}, recipients)]));
}

function endpoints(phone: Phone, group: Group): Endpoint[] {
	const all = membersOf(phone.ctx, group).flatMap(endpointsOf);
	return all.filter((endpoint) => !sameEndpoint(endpoint, phone.endpoint));
}

async function encFor(phone: Phone, recipient: Endpoint, message: proto.IMessage): Promise<Stanza> {
	const bundle = () => takeBundle(phone.ctx, recipient);
	const { type, ciphertext } = await phone.signal.encrypt(lidOf(recipient), message, bundle);
	return node('enc', { v: '2', type }, ciphertext);
}

function plaintext(message: proto.IMessage): Stanza {
	return node('plaintext', {}, proto.Message.encode(message).finish());
}

/** Before it leaves, so that a retry receipt always finds it; the own phone shows it too. */
function note(phone: Phone, chat: string, id: string, message: proto.IMessage): void {
	const encoded = Buffer.from(proto.Message.encode(message).finish()).toString('base64');
	const text = textOf(message);
	noteSent(phone.notebook, { chat, id, message: encoded, receipts: [] });
	noteRead(phone.notebook, {
		chat,
		id,
		author: phone.endpoint.account.phone,
		authorDeviceId: 0,
		...(text === undefined ? {} : { text }),
		kind: kindOf(message) ?? 'conversation',
		sentAtMs: phone.ctx.nowMs(),
		message: encoded,
	});
	phone.ctx.changed();
}
