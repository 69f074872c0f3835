import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

const chunk = 5_000;

/** Groups whose record reaches further back than a moment. For no one user. */
export async function selectOldGroups(
	db: Db,
	{ coveredBefore, limit }: { coveredBefore: Date; limit: number },
): Promise<GroupKey[]> {
	const { rows } = await sql<GroupKey>`
		select user_id as "userId", jid from starred_groups
		where captured_from < ${coveredBefore} order by captured_from limit ${limit}`.execute(db);
	return rows;
}

/** From now on nothing before that moment is known of the group. */
export async function coverFrom(db: Db, { userId, jid, until }: GroupKey & { until: Date }): Promise<void> {
	await sql`
		update starred_groups set captured_from = ${until}
		where user_id = ${userId} and jid = ${jid} and captured_from < ${until}`.execute(db);
}

/**
 * Deletes some messages of a group that were sent before a moment, with all that was done to them. Who wrote how much stays.
 * Whether there may be more.
 */
export async function deleteMessagesBefore(
	db: Db,
	{ userId, jid, until }: GroupKey & { until: Date },
): Promise<boolean> {
	const { rows } = await sql<{ deleted: string }>`
		with gone as (
			delete from messages where user_id = ${userId} and jid = ${jid} and ctid = any(array(
				select ctid from messages
				where user_id = ${userId} and jid = ${jid} and sent_at < ${until} limit ${chunk}
			))
			returning message_id, author_jid
		), unchanged as (
			delete from message_changes c using gone g
			where c.user_id = ${userId} and c.jid = ${jid} and c.message_id = g.message_id
				and c.author_jid = g.author_jid
		), unconfirmed as (
			delete from message_receipts r using gone g
			where r.user_id = ${userId} and r.jid = ${jid} and r.message_id = g.message_id
		)
		select count(*) as deleted from gone`.execute(db);
	return Number(rows[0]?.deleted ?? 0) === chunk;
}
