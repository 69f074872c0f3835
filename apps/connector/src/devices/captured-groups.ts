import type { Kysely } from 'kysely';
import { listStarred, storesMessages } from '../database/starred-groups.ts';
import type { Tables } from '../database/tables.ts';

/**
 * Which groups of one user are captured, in memory: the capture asks for every message. Changes arrive from two sides,
 * the own `star_group` and the events of other services; the table decides, this is read anew after each.
 */
export type CapturedGroups = {
	has(jid: string): boolean;
	/** Whether text may leave this process. */
	storing(): boolean;
	reload(): Promise<void>;
};

export async function loadCapturedGroups(db: Kysely<Tables>, userId: string): Promise<CapturedGroups> {
	let starred = new Set<string>();
	let storing = true;
	const captured: CapturedGroups = {
		has: (jid) => starred.has(jid),
		storing: () => storing,
		async reload() {
			const [groups, stores] = await Promise.all([listStarred(db, userId), storesMessages(db, userId)]);
			starred = new Set(groups.map(({ jid }) => jid));
			storing = stores;
		},
	};
	await captured.reload();
	return captured;
}
