import type { MessageContent } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { type NewMessageChange, recordMessageChanges } from '../database/queries/message-changes.ts';
import { selectPaused } from '../database/queries/settings.ts';
import { applyChanges } from './apply-changes.ts';
import type { GroupEvent } from './group-event.ts';
import { isPaused } from './is-paused.ts';
import { readContent } from './read-content.ts';

export type ChangeEvent = GroupEvent<
	'message.edited' | 'message.deleted' | 'message.reaction' | 'message.voted'
>;

/**
 * What happens to messages: edits, deletions, reactions and votes. Each is kept first, as the newest of its kind by one
 * person, and applied then if its message is there; otherwise it waits for it. An edit by anybody but the author is none.
 */
export async function recordChangeEvents(
	context: StorageContext,
	events: readonly ChangeEvent[],
): Promise<void> {
	const pausedSince = await selectPaused(context.db, [...new Set(events.map(({ userId }) => userId))]);
	const changes = await Promise.all(
		events.map((event) => toChange(context, event, isPaused(event, pausedSince.get(event.userId)))),
	);
	const legal = changes.filter((change) => change !== undefined);
	await recordMessageChanges(context.db, legal, context.clock.now());
	await applyChanges(context, legal);
}

async function toChange(
	context: StorageContext,
	event: ChangeEvent,
	paused: boolean,
): Promise<NewMessageChange | undefined> {
	const { contents } = context;
	const { id: eventId, userId, groupJid: jid, data } = event;
	const { messageId, author: authorJid, sender, revision } = data;
	const identity = { userId, jid, authorJid, messageId, byJid: sender.jid };
	const base = { ...identity, revision, eventId, at: new Date(event.at), content: null, tags: null };
	if (event.type === 'message.deleted') return { ...base, kind: 'deletion' };
	if (event.type === 'message.edited' && sender.jid !== authorJid) {
		context.logger.warn({ event: eventId }, "An edit of somebody else's message is ignored");
		return undefined;
	}
	const read =
		paused || event.data.content === null ? null : await readContent(context, { ...event, data: event.data });
	const said = read === 'unreadable' ? null : read;
	if (event.type === 'message.edited') {
		if (said === null) return { ...base, kind: 'unseen_edit' };
		const kind = 'edit' as const;
		return { ...base, kind, content: await contents.sealEdit({ ...identity, kind }, said) };
	}
	const kind = event.type === 'message.reaction' ? 'reaction' : 'vote';
	const choices = said === null ? [] : choicesOf(said);
	if (choices.length === 0) return { ...base, kind };
	return {
		...base,
		kind,
		content: await contents.sealChoices({ ...identity, kind }, choices),
		tags: await context.digests.ofChoices(identity, choices),
	};
}

/** A reaction is a text, a vote any number of options. */
function choicesOf({ text, options }: MessageContent): string[] {
	return [...new Set(options ?? (text === null ? [] : [text]))];
}
