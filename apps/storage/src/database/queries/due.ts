import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

/** What the sweep looks for: these are the only queries that are for no one user. Each page at most 100. */

export async function selectDueGroups(db: Db, now: Date): Promise<GroupKey[]> {
	const { rows } = await sql<GroupKey>`
		select user_id as "userId", jid from starred_groups
		where messages_deleted_at <= ${now} and not starred
		order by messages_deleted_at limit 100`.execute(db);
	return rows;
}

export async function selectUnannouncedUnstars(db: Db): Promise<(GroupKey & { at: Date })[]> {
	const { rows } = await sql<GroupKey & { at: Date }>`
		select user_id as "userId", jid, unstarred_at as at from starred_groups
		where not announced and unstarred_at is not null limit 100`.execute(db);
	return rows;
}

export type UnannouncedSettings = { userId: string; storeMessages: boolean; at: Date };

export async function selectUnannouncedSettings(db: Db): Promise<UnannouncedSettings[]> {
	const { rows } = await sql<UnannouncedSettings>`
		select user_id as "userId", store_messages as "storeMessages", changed_at as at from settings
		where not announced and changed_at is not null limit 100`.execute(db);
	return rows;
}
