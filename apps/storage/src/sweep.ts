import type { Erasure } from '@chat-manager/backend';
import { announceSettings, announceUnstar } from './announcements.ts';
import type { StorageContext } from './context.ts';
import {
	selectDueGroups,
	selectUnannouncedSettings,
	selectUnannouncedUnstars,
} from './database/queries/due.ts';
import { deleteEmptyGroup, deleteRecordUntil, postponeDeletion } from './database/queries/forget-group.ts';
import { type GroupKey, lockGroups } from './database/queries/lock-groups.ts';
import { deleteDueChanges } from './database/queries/message-changes.ts';
import { forgetOldMessages } from './forget-old-messages.ts';
import { attempt, type Repeating, repeat } from './repeat.ts';

const intervalMs = 60_000;
const leftUndone = 'The sweep left something undone; it tries again in a minute';

/**
 * Once a minute: deletes what is due of groups that are no longer starred, messages that are older than they are kept, and what
 * happened to messages that never came;
 * finishes announcements that failed; erases what came in late of deleted accounts. Every replica sweeps; a group is locked while it is swept and looked at again then.
 * What fails is logged, and the next sweep finds it again.
 */
export function startSweep(context: StorageContext, erasure: Pick<Erasure, 'sweep'>): Repeating {
	const { clock, logger } = context;
	let isStopping = false;
	const repeating = repeat({ clock, logger, intervalMs, what: leftUndone }, () =>
		sweep(context, erasure, () => isStopping),
	);
	return {
		stop() {
			isStopping = true;
			return repeating.stop();
		},
	};
}

async function sweep(
	context: StorageContext,
	erasure: Pick<Erasure, 'sweep'>,
	isStopping: () => boolean,
): Promise<void> {
	const { db, clock, logger } = context;
	for (const group of await selectDueGroups(db, new Date(clock.now())))
		await attempt(logger, leftUndone, () => sweepGroup(context, group));
	for (const unstar of await selectUnannouncedUnstars(db))
		await attempt(logger, leftUndone, () => announceUnstar(context, unstar));
	for (const change of await selectUnannouncedSettings(db))
		await attempt(logger, leftUndone, () => announceSettings(context, change));
	await deleteDueChanges(db, new Date(clock.now()));
	await erasure.sweep();
	await attempt(logger, leftUndone, () => forgetOldMessages(context, isStopping));
}

/**
 * Deletes what was there a deletion delay ago. Something that came in since (a message that a connector captured before it
 * heard of the unstarring) has the same delay for itself.
 */
async function sweepGroup({ db, clock, keeping }: StorageContext, key: GroupKey): Promise<void> {
	await db.transaction().execute(async (transaction) => {
		const [group] = await lockGroups(transaction, [key]);
		const now = clock.now();
		const dueAt = group?.messages_deleted_at?.getTime();
		if (group === undefined || group.starred || dueAt === undefined || dueAt > now) return;
		await deleteRecordUntil(transaction, { ...key, until: new Date(dueAt - keeping.unstarredMs) });
		if (await deleteEmptyGroup(transaction, key)) return;
		await postponeDeletion(transaction, { ...key, until: new Date(now + keeping.unstarredMs) });
	});
}
