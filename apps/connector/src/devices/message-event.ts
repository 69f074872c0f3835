import { createHash } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import { type EventKey, sealEventContent } from '@chat-manager/service';
import type { Described } from '../whatsapp/describe-message.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';

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

/** Two users in one group is the normal case: each gets an event of their own. */
function eventId(userId: string, stanza: MessageStanza, part: 'content' | 'placeholder'): string {
	const { chatJid, authorJid, messageId } = stanza;
	return createHash('sha256')
		.update([userId, chatJid, authorJid, messageId, part].join('\n'))
		.digest('base64url');
}

type Rest = { id: string; kind: MessageEvent['data']['kind']; content: MessageEvent['data']['content'] };

function event({ userId, isYou }: Author, stanza: MessageStanza, { id, kind, content }: Rest): MessageEvent {
	const { chatJid, authorJid, authorPhoneJid, pushName, messageId, sentAt } = stanza;
	const phone = phoneOf(authorPhoneJid) ?? phoneOf(authorJid);
	return {
		id,
		type: isYou ? 'message.sent' : 'message.received',
		at: new Date(sentAt).toISOString(),
		userId,
		groupJid: chatJid,
		data: { messageId, sender: { jid: authorJid, name: pushName, phone, isYou }, kind, content },
	};
}
