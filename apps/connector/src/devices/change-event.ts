import type { BusEvent } from '@chat-manager/bus';
import type { MessageContent } from '@chat-manager/contracts';
import { type EventKey, sealEventContent } from '@chat-manager/service';
import type { Said } from '../whatsapp/read-message.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';
import { eventId } from './event-id.ts';
import { type Author, headOf, senderOf } from './message-event.ts';

export type Change = Extract<Said, { type: 'change' }>;

type ChangeEvent =
	| BusEvent<'message.edited'>
	| BusEvent<'message.deleted'>
	| BusEvent<'message.reaction'>
	| BusEvent<'message.voted'>;

/** The event for what somebody did to an earlier message. `chosen`: the options of a vote, where it can be read. */
export function changeEvent(
	author: Author,
	stanza: MessageStanza,
	change: Change,
	{ eventKey, chosen }: { eventKey: EventKey | null; chosen?: readonly string[] | undefined },
): ChangeEvent {
	const { target } = change;
	const revision = change.revision ?? stanza.sentAt;
	const id = eventId(author.userId, stanza, change.kind, String(revision));
	const head = { id, ...headOf(author, stanza) };
	const { messageId, authorJid } = target;
	const data = { messageId, author: authorJid, sender: senderOf(author, stanza), revision };
	const seal = (content: MessageContent | null) =>
		content === null || eventKey === null ? null : sealEventContent(eventKey, id, content);
	switch (change.kind) {
		case 'edit':
			return { ...head, type: 'message.edited', data: { ...data, content: seal(change.content) } };
		case 'deletion':
			return { ...head, type: 'message.deleted', data };
		case 'reaction': {
			const { removed, content } = change;
			return { ...head, type: 'message.reaction', data: { ...data, removed, content: seal(content) } };
		}
		case 'vote': {
			const content = chosen === undefined ? null : { ...noWords, options: [...chosen] };
			return { ...head, type: 'message.voted', data: { ...data, content: seal(content) } };
		}
	}
}

const noWords = { text: null, media: null, mentions: [], replyTo: null };
