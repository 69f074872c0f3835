import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

const chunk = 5_000;

/**
 * Deletes the stored messages and changes of a group up to a moment, in chunks. The counters go down in the same statement,
 * by as many as went: a message that is counted meanwhile stays counted.
 */
export async function deleteRecordUntil(db: Db, args: GroupKey & { until: Date }): Promise<void> {
	const { userId, jid, until } = args;
	await sql`
		delete from membership_changes where user_id = ${userId} and jid = ${jid} and at <= ${until}`.execute(db);
	for (let deleted = chunk; deleted >= chunk; ) {
		const { rows } = await sql<{ deleted: number }>`
			with gone as (
				delete from messages
				where user_id = ${userId} and jid = ${jid} and ctid = any(array(
					select ctid from messages
					where user_id = ${userId} and jid = ${jid} and sent_at <= ${until} limit ${chunk}
				))
				returning message_id, author_jid
			), unchanged as (
				delete from message_changes c using gone g
				where c.user_id = ${userId} and c.jid = ${jid} and c.message_id = g.message_id and c.author_jid = g.author_jid
			), unconfirmed as (
				delete from message_receipts r using gone g
				where r.user_id = ${userId} and r.jid = ${jid} and r.message_id = g.message_id
			), counted as (
				update members m set message_count = m.message_count - g.count,
					last_message_at = case when m.message_count = g.count then null else m.last_message_at end
				from (select author_jid, count(*)::int as count from gone group by author_jid) g
				where m.user_id = ${userId} and m.jid = ${jid} and m.member_jid = g.author_jid
			)
			select count(*) as deleted from gone`.execute(db);
		deleted = rows[0]?.deleted ?? 0;
	}
}

/** Deletes the group itself and its members if nothing of it is left to keep; tells whether it did. */
export async function deleteEmptyGroup(db: Db, { userId, jid }: GroupKey): Promise<boolean> {
	const { numAffectedRows } = await sql`
		delete from starred_groups g
		where g.user_id = ${userId} and g.jid = ${jid} and not g.starred and g.announced
			and not exists (select from messages m where m.user_id = g.user_id and m.jid = g.jid)
			and not exists (select from membership_changes c where c.user_id = g.user_id and c.jid = g.jid)`.execute(
		db,
	);
	if (numAffectedRows !== 1n) return false;
	await sql`delete from members where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`delete from admin_facts where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`delete from message_changes where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`delete from message_receipts where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`delete from pauses where user_id = ${userId} and jid = ${jid}`.execute(db);
	return true;
}

/** What arrived later than the rest stays for as long again. */
export async function postponeDeletion(db: Db, args: GroupKey & { until: Date }): Promise<void> {
	await sql`
		update starred_groups set messages_deleted_at = ${args.until}
		where user_id = ${args.userId} and jid = ${args.jid} and not starred`.execute(db);
}
