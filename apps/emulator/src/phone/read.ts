import { proto } from '@whiskeysockets/baileys';
import { isGroupJid } from '../binary/jid.ts';
import { attr, bytes, child, children, node, type Stanza } from '../binary/node.ts';
import { endpointOf, lidOf } from '../network/accounts.ts';
import { relayReceipt } from '../stanzas/receipt.ts';
import { hasRead, noteRead } from './notebook.ts';
import { type Incoming, kindOf, type Phone, textOf } from './phone.ts';
import { askAgain } from './retry.ts';

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
		const message = await open(phone, incoming);
		const kind = kindOf(message);
		if (kind !== undefined && stanza.attrs.category !== 'peer') note(phone, incoming, message, kind);
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
	if (plain) return proto.Message.decode(bytes(plain));
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

function note(phone: Phone, { stanza, chat, author }: Incoming, message: proto.IMessage, kind: string): void {
	const text = textOf(message);
	noteRead(phone.notebook, {
		chat,
		id: attr(stanza, 'id'),
		author: author.account.phone,
		authorDeviceId: author.deviceId,
		...(text === undefined ? {} : { text }),
		kind,
		sentAtMs: Number(attr(stanza, 't')) * 1000,
		message: Buffer.from(proto.Message.encode(message).finish()).toString('base64'),
	});
	phone.ctx.changed();
}

function confirm(phone: Phone, stanza: Stanza, from: string): void {
	if (stanza.attrs.category === 'peer' || stanza.attrs.recipient !== undefined) return;
	const author = isGroupJid(from) ? attr(stanza, 'participant') : undefined;
	if (author !== undefined && endpointOf(phone.ctx.network, author)?.account === phone.endpoint.account)
		return;
	const receipt = node('receipt', { id: attr(stanza, 'id'), to: from, participant: author });
	relayReceipt(phone.ctx, phone.endpoint, receipt);
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
