import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type GroupKey = { userId: string; jid: string };

export type LockedGroup = {
	user_id: string;
	jid: string;
	starred: boolean;
	starred_at: Date | null;
	unstarred_at: Date | null;
	captured_from: Date | null;
	members_at: Date | null;
	messages_deleted_at: Date | null;
	announced: boolean;
};

/**
 * Makes sure that each group has a row, and that what is stored of one that is not starred has an end: something may arrive
 * before its `group.starred` does, and that may never come. Does not touch starred groups.
 */
export async function noteGroups(db: Db, groups: readonly GroupKey[], deletedAt: Date): Promise<void> {
	await sql`
		insert into starred_groups (user_id, jid, messages_deleted_at)
		select distinct user_id, jid, ${deletedAt}::timestamptz
		from unnest(${groups.map(({ userId }) => userId)}::text[], ${groups.map(({ jid }) => jid)}::text[])
			as t (user_id, jid)
		order by user_id, jid
		on conflict (user_id, jid) do update set messages_deleted_at = excluded.messages_deleted_at
		where not starred_groups.starred and starred_groups.messages_deleted_at is null`.execute(db);
}

/** Locks groups until the end of the transaction; always in the same order, so that two batches cannot block each other. */
export async function lockGroups(db: Db, groups: readonly GroupKey[]): Promise<LockedGroup[]> {
	const { rows } = await sql<LockedGroup>`
		select user_id, jid, starred, starred_at, unstarred_at, captured_from, members_at, messages_deleted_at, announced
		from starred_groups
		where (user_id, jid) in (
			select * from unnest(${groups.map(({ userId }) => userId)}::text[], ${groups.map(({ jid }) => jid)}::text[])
		)
		order by user_id, jid
		for update`.execute(db);
	return rows;
}

/** Of the given groups those that are not starred now. */
export async function selectUnstarred(db: Db, groups: readonly GroupKey[]): Promise<GroupKey[]> {
	const { rows } = await sql<GroupKey>`
		select distinct t.user_id as "userId", t.jid
		from unnest(${groups.map(({ userId }) => userId)}::text[], ${groups.map(({ jid }) => jid)}::text[])
			as t (user_id, jid)
		left join starred_groups g on g.user_id = t.user_id and g.jid = t.jid
		where g.starred is not true`.execute(db);
	return rows;
}
