import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

/** Hides a group, discards who came and went, and sets the end of its messages. It is not announced yet. */
export async function unstarGroup(
	db: Db,
	args: GroupKey & { at: Date; messagesDeletedAt: Date },
): Promise<void> {
	const { userId, jid, at, messagesDeletedAt } = args;
	await sql`
		update starred_groups
		set unstarred_at = ${at}, messages_deleted_at = ${messagesDeletedAt}, announced = false
		where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`delete from membership_changes where user_id = ${userId} and jid = ${jid}`.execute(db);
}

export async function markUnstarAnnounced(db: Db, args: GroupKey & { at: Date }): Promise<void> {
	await sql`
		update starred_groups set announced = true
		where user_id = ${args.userId} and jid = ${args.jid} and unstarred_at = ${args.at}`.execute(db);
}
