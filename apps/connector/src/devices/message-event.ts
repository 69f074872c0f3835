import type { BusEvent } from '@chat-manager/bus';
import { type EventKey, sealEventContent } from '@chat-manager/service';
import type { Described } from '../whatsapp/describe-message.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';
import { eventId } from './event-id.ts';

type MessageEvent = BusEvent<'message.received'> | BusEvent<'message.sent'>;

export type Author = { userId: string; isYou: boolean };

/** The event for a message that was decrypted. */
export function messageEvent(
	{ userId, isYou }: Author,
	stanza: MessageStanza,
	described: Described,
	/** Null while the account does not store messages: then no text leaves this process. */
	eventKey: EventKey | null,
): MessageEvent {
	const id = eventId(userId, stanza, 'content');
	const content = eventKey === null ? null : sealEventContent(eventKey, id, described.content);
	return event({ userId, isYou }, stanza, { id, kind: described.kind, content });
}

/** The event for a message that cannot be decrypted yet; its content has another id and replaces it. */
export function placeholderEvent(author: Author, stanza: MessageStanza): MessageEvent {
	const id = eventId(author.userId, stanza, 'placeholder');
	return event(author, stanza, { id, kind: 'undecryptable', content: null });
}

/** Who sent a stanza, as events tell it. */
export function senderOf({ isYou }: Author, { authorJid, authorPhoneJid, pushName }: MessageStanza) {
	return { jid: authorJid, name: pushName, phone: phoneOf(authorPhoneJid) ?? phoneOf(authorJid), isYou };
}

/** What every event about a message has. */
export function headOf({ userId }: Author, { chatJid, sentAt }: MessageStanza) {
	return { at: new Date(sentAt).toISOString(), userId, groupJid: chatJid };
}

type Rest = { id: string; kind: MessageEvent['data']['kind']; content: MessageEvent['data']['content'] };

function event(author: Author, stanza: MessageStanza, { id, kind, content }: Rest): MessageEvent {
	return {
		id,
		...headOf(author, stanza),
		type: author.isYou ? 'message.sent' : 'message.received',
		data: { messageId: stanza.messageId, sender: senderOf(author, stanza), kind, content },
	};
}
