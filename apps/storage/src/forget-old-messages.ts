import type { StorageContext } from './context.ts';
import { coverFrom, deleteMessagesBefore, selectOldGroups } from './database/queries/old-messages.ts';

/** A group is looked at again when its oldest messages are past their time by so much. */
const slackMs = 3_600_000;
const groupsAtOnce = 100;

/**
 * Deletes messages that are older than the operator keeps them, group by group. What a read says that it covers begins later
 * first: then nobody takes what is missing for something that never was.
 */
export async function forgetOldMessages(
	{ db, clock, keeping }: StorageContext,
	isStopping: () => boolean,
): Promise<void> {
	if (keeping.messagesMs === undefined) return;
	const until = new Date(clock.now() - keeping.messagesMs);
	const coveredBefore = new Date(until.getTime() - slackMs);
	for (let found = groupsAtOnce; found === groupsAtOnce && !isStopping(); ) {
		const groups = await selectOldGroups(db, { coveredBefore, limit: groupsAtOnce });
		for (const group of groups) {
			if (isStopping()) return;
			await coverFrom(db, { ...group, until });
			while (!isStopping() && (await deleteMessagesBefore(db, { ...group, until })));
		}
		found = groups.length;
	}
}
