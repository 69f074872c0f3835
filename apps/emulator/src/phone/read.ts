import { proto } from '@whiskeysockets/baileys';
import { isGroupJid, parseJid } from '../binary/jid.ts';
import { attr, bytes, child, children, node, type Stanza } from '../binary/node.ts';
import { endpointOf, lidOf } from '../network/accounts.ts';
import { confirmInGroup, relayReceipt } from '../stanzas/receipt.ts';
import { describeMessage } from './describe.ts';
import { hasRead, noteRead, type ReadMessage } from './notebook.ts';
import type { Incoming, Phone } from './phone.ts';
import { sendRead } from './receipts.ts';
import { answerCompanion } from './requests.ts';
import { askAgain } from './retry.ts';

/**
 * Reads a message of another simulated phone, which comes as it is. It takes no turn, since no ratchet moves: in a group of many
 * people this is what happens most. What is written down is the same for all of them, and never changed.
 */
export function readPlaintext(phone: Phone, stanza: Stanza): boolean {
	const plain = child(stanza, 'plaintext');
	const from = attr(stanza, 'from');
	if (!plain || !isGroupJid(from)) return false;
	const author = endpointOf(phone.ctx.network, attr(stanza, 'participant'));
	const group = phone.ctx.network.groups.get(parseJid(from)?.user ?? '');
	if (author?.deviceId !== 0 || !group) return false;
	const message =
		noted.get(stanza) ?? entry({ stanza, chat: from, author }, proto.Message.decode(bytes(plain)));
	if (message) {
		noted.set(stanza, message);
		noteRead(phone.notebook, message);
		phone.ctx.changed();
	}
	if (author.account !== phone.endpoint.account)
		confirmInGroup(phone.ctx, phone.endpoint, group, author.account, attr(stanza, 'id'));
	return true;
}

const noted = new WeakMap<Stanza, ReadMessage>();

/**
 * Reads a message: opens every `<enc>` in order, learns the sender keys on the way, writes the message down and confirms it.
 * One that cannot be opened is asked for again, as a real phone does.
 */
export async function readMessage(phone: Phone, stanza: Stanza): Promise<void> {
	const { network, log } = phone.ctx;
	const from = attr(stanza, 'from');
	const author = endpointOf(network, isGroupJid(from) ? attr(stanza, 'participant') : from);
	if (!author) return;
	const incoming = { stanza, chat: chatOf(phone, stanza, from, author.account.phone), author };
	try {
		const content = await open(phone, incoming);
		if (stanza.attrs.category === 'peer') {
			if (author.account !== phone.endpoint.account) return;
			await answerCompanion(phone, author.deviceId, attr(stanza, 'id'), content);
			return;
		}
		const message = entry(incoming, content);
		if (message) {
			noteRead(phone.notebook, message);
			phone.ctx.changed();
		}
		confirm(phone, stanza, from);
	} catch (error) {
		const known = { chat: incoming.chat, author: author.account.phone, id: attr(stanza, 'id') };
		if (hasRead(phone.notebook, known)) return;
		log.info({ err: error, id: known.id, phone: phone.jid }, 'message could not be opened, asking again');
		askAgain(phone, incoming);
	}
}

async function open(phone: Phone, { stanza, author }: Incoming): Promise<proto.IMessage> {
	// Simulated phones hand each other the plain message: encryption between two of them would protect nothing.
	const plain = child(stanza, 'plaintext');
	if (plain && author.deviceId === 0) return proto.Message.decode(bytes(plain));
	let content: proto.IMessage = {};
	for (const enc of children(stanza, 'enc')) {
		const opened = await openOne(phone, stanza, lidOf(author), enc);
		const message = opened.deviceSentMessage?.message ?? opened;
		const senderKey = message.senderKeyDistributionMessage;
		if (senderKey) await phone.signal.learnSenderKey(lidOf(author), senderKey);
		content = { ...content, ...present(message) };
	}
	return content;
}

function openOne(phone: Phone, stanza: Stanza, author: string, enc: Stanza): Promise<proto.Message> {
	const { type } = enc.attrs;
	if (type === 'skmsg') return phone.signal.decryptGroup(attr(stanza, 'from'), author, bytes(enc));
	if (type === 'pkmsg' || type === 'msg') return phone.signal.decrypt(author, type, bytes(enc));
	throw new Error(`Unknown kind of encryption: ${type}`);
}

/** How the phone writes a message down; nothing for one that only carries keys. */
function entry({ stanza, chat, author }: Incoming, message: proto.IMessage): ReadMessage | undefined {
	const description = describeMessage(message);
	if (!description) return undefined;
	return {
		chat,
		id: attr(stanza, 'id'),
		author: author.account.phone,
		authorDeviceId: author.deviceId,
		...description,
		sentAtMs: Number(attr(stanza, 't')) * 1000,
		message: Buffer.from(proto.Message.encode(message).finish()).toString('base64'),
	};
}

function confirm(phone: Phone, stanza: Stanza, from: string): void {
	if (stanza.attrs.category === 'peer' || stanza.attrs.recipient !== undefined) return;
	const author = isGroupJid(from) ? attr(stanza, 'participant') : undefined;
	if (author !== undefined && endpointOf(phone.ctx.network, author)?.account === phone.endpoint.account)
		return;
	const receipt = node('receipt', { id: attr(stanza, 'id'), to: from, participant: author });
	relayReceipt(phone.ctx, phone.endpoint, receipt);
	const { account } = phone.endpoint;
	if (!account.reads || account.privacy.readreceipts === 'none') return;
	const sender = endpointOf(phone.ctx.network, author ?? from)?.account;
	if (sender) sendRead(phone, isGroupJid(from) ? from : sender.phone, sender, [attr(stanza, 'id')]);
}

function chatOf(phone: Phone, stanza: Stanza, from: string, author: string): string {
	if (isGroupJid(from)) return from;
	const { recipient } = stanza.attrs;
	const other = recipient === undefined ? undefined : endpointOf(phone.ctx.network, recipient);
	return other?.account.phone ?? author;
}

/** The fields that are set, without the defaults of the protobuf class. */
function present(message: proto.IMessage): proto.IMessage {
	return Object.fromEntries(
		Object.entries(message).filter(([, value]) => value !== null && value !== undefined),
	);
}
