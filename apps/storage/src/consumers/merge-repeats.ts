import type { MessageEvent } from './group-event.ts';

/**
 * Leaves one event of each message (user, group, author, id), the one that knows most of it: the database compares what it is
 * given with what it has, not with what it is given beside it.
 */
export function mergeRepeats(events: readonly MessageEvent[]): MessageEvent[] {
	const best = new Map<string, MessageEvent>();
	for (const event of events) {
		const { userId, groupJid, data } = event;
		const identity = `${userId} ${groupJid} ${data.sender.jid} ${data.messageId}`;
		const known = best.get(identity);
		if (known === undefined || knowledge(event) > knowledge(known)) best.set(identity, event);
	}
	return [...best.values()];
}

/** A placeholder knows nothing, a message without content its kind. */
function knowledge({ data }: MessageEvent): number {
	if (data.kind === 'undecryptable') return 0;
	return data.content === null ? 1 : 2;
}
