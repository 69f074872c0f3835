import { proto } from '@whiskeysockets/baileys';
import { membersOf } from '../actions/group-notices.ts';
import { takeBundle } from '../actions/key-bundles.ts';
import { groupJid, lidJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { type Endpoint, endpointsOf, lidOf, sameEndpoint } from '../network/accounts.ts';
import { groupFor } from '../network/groups.ts';
import type { Account, Group } from '../network/state.ts';
import { relayMessage } from '../stanzas/message.ts';
import { describeMessage, outsideOf } from './describe.ts';
import { noteRead, noteSent } from './notebook.ts';
import type { Phone } from './phone.ts';

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
	const recipients = await senderKeyFor(phone, group, jid);
	const enc = node('enc', { v: '2', type: 'skmsg' }, phone.signal.encryptGroup(jid, message));
	note(phone, jid, id, message);
	const attrs = { id, to: jid, ...outsideOf(message), addressing_mode: group.addressing };
	const content = [plaintext(message), enc, node('participants', {}, recipients)];
	relayMessage(phone.ctx, phone.endpoint, node('message', attrs, content));
}

/** The sender key, for each linked device that does not have it yet. */
async function senderKeyFor(phone: Phone, group: Group, jid: string): Promise<Stanza[]> {
	const { signal, vault } = phone;
	const saved = await vault.keys.get('sender-key-memory', [jid]);
	const memory = (signal.senderKeys.has(jid) ? saved[jid] : undefined) ?? {};
	const missing = linkedDevices(phone, group).filter((device) => !memory[lidOf(device)]);
	if (missing.length === 0) return [];
	const axolotlSenderKeyDistributionMessage = signal.senderKeys.distribution(jid);
	const message = { senderKeyDistributionMessage: { groupId: jid, axolotlSenderKeyDistributionMessage } };
	const recipients: Stanza[] = [];
	for (const device of missing) {
		const peer = lidOf(device);
		recipients.push(node('to', { jid: peer }, [await encFor(phone, device, message)]));
		memory[peer] = true;
	}
	await vault.keys.set({ 'sender-key-memory': { [jid]: memory } });
	return recipients;
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
	const attrs = { id, to: lidJid(to.lid), ...outsideOf(message) };
	note(phone, to.phone, id, message);
	relayMessage(phone.ctx, phone.endpoint, node('message', attrs, [node('participants', {}, recipients)]));
}

function linkedDevices(phone: Phone, group: Group): Endpoint[] {
	return membersOf(phone.ctx, group).flatMap((account) =>
		account.devices.map((device) => ({ account, deviceId: device.id })),
	);
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
	noteSent(phone.notebook, { chat, id, message: encoded, receipts: [] });
	noteRead(phone.notebook, {
		chat,
		id,
		author: phone.endpoint.account.phone,
		authorDeviceId: 0,
		...(describeMessage(message) ?? { kind: 'conversation' }),
		sentAtMs: phone.ctx.nowMs(),
		message: encoded,
	});
	phone.ctx.changed();
}
