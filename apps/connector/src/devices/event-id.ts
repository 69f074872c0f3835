import { createHash } from 'node:crypto';
import type { MessageStanza } from '../whatsapp/stanza.ts';

/** What of a message an event tells: each has an id of its own, the same when the message is delivered again. */
export type EventPart = 'content' | 'placeholder' | 'edit' | 'deletion' | 'reaction' | 'vote';

/**
 * The id of an event about a message. Two users in one group is the normal case: each gets an event of their own. `detail`
 * tells apart what can come under one message id.
 */
export function eventId(userId: string, stanza: MessageStanza, part: EventPart, detail = ''): string {
	const { chatJid, authorJid, messageId } = stanza;
	const parts = [userId, chatJid, authorJid, messageId, part, ...(detail === '' ? [] : [detail])];
	return createHash('sha256').update(parts.join('\n')).digest('base64url');
}
