import { sql } from 'kysely';
import type { Db } from '../tables.ts';

const chunk = 5_000;

/**
 * Deletes every stored message of a user with all that was done to it, in chunks; how many could be read. Who is in the groups
 * and how much they wrote stays. From `at` on the groups are covered anew: before it, nothing is known any more.
 */
export async function deleteMessages(db: Db, { userId, at }: { userId: string; at: Date }): Promise<number> {
	await sql`
		update starred_groups set captured_from = ${at}
		where user_id = ${userId} and captured_from < ${at}`.execute(db);
	let all = 0;
	for (let gone = chunk; gone === chunk; ) {
		const { rows } = await sql<{ gone: string; shown: string }>`
			with gone as (
				delete from messages where user_id = ${userId} and ctid = any(array(
					select ctid from messages where user_id = ${userId} limit ${chunk}
				))
				returning content is not null or kind = 'undecryptable' as shown
			)
			select count(*) as gone, count(*) filter (where shown) as shown from gone`.execute(db);
		gone = Number(rows[0]?.gone ?? 0);
		all += Number(rows[0]?.shown ?? 0);
	}
	await sql`delete from message_changes where user_id = ${userId}`.execute(db);
	await sql`delete from message_receipts where user_id = ${userId}`.execute(db);
	return all;
}
