import type { StorageContext } from '../context.ts';
import { type AdminFact, recordAdmins } from '../database/queries/admin-facts.ts';
import { selectDeletedByOthers } from '../database/queries/changed-messages.ts';
import { deleteRecordUntil } from '../database/queries/forget-group.ts';
import { type LockedGroup, lockGroups, noteGroups } from '../database/queries/lock-groups.ts';
import { replaceMembers } from '../database/queries/replace-members.ts';
import { addPause, describeGroup, moveStarBack, starGroup } from '../database/queries/star-group.ts';
import { unstarredUntil } from '../unstarred-until.ts';
import { applyChanges } from './apply-changes.ts';
import type { GroupEvent } from './group-event.ts';
import { storablePerson, storableText } from './storable-text.ts';

/**
 * Stars. In which order they arrive does not matter:
 *
 * - a star from before the last unstarring is over, and changes nothing;
 * - a star of a group that is starred changes nothing of it: the earliest one since the last unstarring counts. Only what its
 *   snapshot says is taken over, as far as nothing newer is known;
 * - a star within the deletion delay brings the stored messages back, with a gap for the time in between; after it they are
 *   deleted first, should the sweep not have come by yet.
 */
export async function applyStars(
	context: StorageContext,
	events: readonly GroupEvent<'group.starred'>[],
): Promise<void> {
	const { db } = context;
	for (const event of events)
		await db.transaction().execute(async (transaction) => {
			const key = { userId: event.userId, jid: event.groupJid };
			await noteGroups(transaction, [key], unstarredUntil(context));
			const [group] = await lockGroups(transaction, [key]);
			if (group !== undefined) await applyStar({ ...context, db: transaction }, group, event);
		});
	// Deletions may have waited for who the admins are.
	await applyChanges(context, await selectDeletedByOthers(db, events.map(keyOf)));
}

export async function applyGroupUpdates(
	context: StorageContext,
	events: readonly GroupEvent<'group.updated'>[],
): Promise<void> {
	const { db } = context;
	await noteGroups(db, events.map(keyOf), unstarredUntil(context));
	for (const event of events)
		await describeGroup(db, {
			...keyOf(event),
			at: new Date(event.at),
			...storableDetails(event.data),
		});
}

async function applyStar(
	context: StorageContext,
	group: LockedGroup,
	event: GroupEvent<'group.starred'>,
): Promise<void> {
	const { db } = context;
	const key = keyOf(event);
	const at = new Date(event.at);
	const takenAt = new Date(event.data.takenAt);
	await recordAdmins(db, adminsOf(event));
	if (group.unstarred_at !== null && at <= group.unstarred_at) return;
	if (!group.starred) {
		const capturedFrom = await settleOldRecord(context, group, at);
		await starGroup(db, { ...key, at, takenAt, capturedFrom });
	} else if (group.starred_at !== null && at < group.starred_at) {
		await moveStarBack(db, { ...key, at, takenAt });
	}
	await describeGroup(db, { ...key, at: takenAt, ...storableDetails(event.data) });
	await replaceMembers(db, { ...key, takenAt, members: event.data.members.map(storablePerson) });
}

/** Brings the stored messages of an earlier star back or deletes them; from when the record then covers. */
async function settleOldRecord({ db, keeping }: StorageContext, group: LockedGroup, at: Date): Promise<Date> {
	const { messages_deleted_at: dueAt, unstarred_at: from, captured_from: capturedFrom } = group;
	const key = { userId: group.user_id, jid: group.jid };
	if (dueAt !== null && dueAt <= at) {
		await deleteRecordUntil(db, { ...key, until: new Date(dueAt.getTime() - keeping.unstarredMs) });
		return at;
	}
	if (from === null || capturedFrom === null) return at;
	await addPause(db, { ...key, from, to: at });
	return capturedFrom;
}

function adminsOf({ id, userId, groupJid, sequence, data }: GroupEvent<'group.starred'>): AdminFact {
	const admins = data.members.filter(({ role }) => role !== 'member').map(({ jid }) => jid);
	const at = new Date(data.takenAt);
	return {
		user_id: userId,
		jid: groupJid,
		event_id: id,
		kind: 'snapshot',
		at,
		sequence,
		member_jids: admins,
	};
}

type Details = { name?: string | undefined; description?: string | null | undefined };

function storableDetails({ name, description }: Details) {
	return {
		name: name === undefined ? undefined : storableText(name),
		description: description === undefined ? undefined : storableText(description),
	};
}

function keyOf(event: { userId: string; groupJid: string }): { userId: string; jid: string } {
	return { userId: event.userId, jid: event.groupJid };
}
