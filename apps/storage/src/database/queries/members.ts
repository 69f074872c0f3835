import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type MemberActivity = {
	jid: string;
	name: string | null;
	message_count: number;
	last_message_at: Date | null;
};

/** Everybody known in a starred group of the user, those who are in it and wrote last first. None when it is not starred. */
export async function listMemberActivity(
	db: Db,
	args: { userId: string; jid: string; limit: number },
): Promise<MemberActivity[]> {
	const { rows } = await sql<MemberActivity>`
		select m.member_jid as jid, m.name, m.message_count, m.last_message_at
		from members m join starred_groups g on g.user_id = m.user_id and g.jid = m.jid and g.starred
		where m.user_id = ${args.userId} and m.jid = ${args.jid}
		order by m.present desc, m.last_message_at desc nulls last, m.member_jid
		limit ${args.limit}`.execute(db);
	return rows;
}
