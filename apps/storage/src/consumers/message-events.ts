import type { StorageContext } from '../context.ts';
import { noteGroups, selectUnstarred } from '../database/queries/lock-groups.ts';
import { type NewMessage, recordMessages } from '../database/queries/record-messages.ts';
import { selectPaused } from '../database/queries/settings.ts';
import { unstarredUntil } from '../unstarred-until.ts';
import { applyChanges } from './apply-changes.ts';
import type { MessageEvent } from './group-event.ts';
import { isPaused } from './is-paused.ts';
import { mergeRepeats } from './merge-repeats.ts';
import { readContent } from './read-content.ts';
import { storablePerson } from './storable-text.ts';

/**
 * Messages. All that is published is stored, also of a group that is not starred: its star may come in the other batch, and
 * until then nobody sees the rows. What happened to one that was not there yet is applied now. If it never comes, or the group was unstarred, the sweep deletes them. Whether one is
 * earlier than its group's star is not asked: WhatsApp's times are whole seconds.
 */
export async function recordMessageEvents(
	context: StorageContext,
	events: readonly MessageEvent[],
): Promise<void> {
	const messages = mergeRepeats(events);
	const groups = messages.map(({ userId, groupJid }) => ({ userId, jid: groupJid }));
	const [unstarred, pausedSince] = await Promise.all([
		selectUnstarred(context.db, groups),
		selectPaused(context.db, [...new Set(messages.map(({ userId }) => userId))]),
	]);
	const rows = await Promise.all(
		messages.map((event) => toRow(context, event, isPaused(event, pausedSince.get(event.userId)))),
	);
	if (unstarred.length > 0) await noteGroups(context.db, unstarred, unstarredUntil(context));
	await recordMessages(context.db, rows);
	await applyChanges(context, rows);
}

async function toRow(context: StorageContext, event: MessageEvent, paused: boolean): Promise<NewMessage> {
	const { id, sequence, at, userId, groupJid, data } = event;
	const identity = { userId, jid: groupJid, authorJid: data.sender.jid, messageId: data.messageId };
	const { name, phone } = storablePerson(data.sender);
	const read = paused ? null : await readContent(context, event);
	const content = read === 'unreadable' ? null : read;
	return {
		...identity,
		sequence,
		eventId: id,
		sentAt: new Date(at),
		kind: read === 'unreadable' ? 'undecryptable' : data.kind,
		isYou: data.sender.isYou,
		content: content && (await context.contents.seal(identity, content)),
		words: content && (await context.digests.ofContent(identity, content)),
		name,
		phone,
	};
}
