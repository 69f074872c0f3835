import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type Choice = {
	message_id: string;
	author_jid: string;
	kind: 'reaction' | 'vote';
	tag: number;
	count: number;
	/** Somebody who chose it, and all that they chose. */
	by_jid: string;
	content: Buffer;
};

/** What people chose for some messages of a group (emoji, options of a poll), each with how many did. No star: it is prepared. */
export async function listChoices(
	db: Db,
	args: { userId: string; jid: string; messages: readonly { message_id: string; author_jid: string }[] },
): Promise<Choice[]> {
	const { userId, jid, messages } = args;
	if (messages.length === 0) return [];
	const { rows } = await sql<Choice>`
		select counted.message_id, counted.author_jid, counted.kind, counted.tag, counted.count, counted.by_jid, c.content
		from (
			select c.message_id, c.author_jid, c.kind, tag, count(*)::int as count, min(c.by_jid) as by_jid
			from unnest(${messages.map((one) => one.message_id)}::text[], ${messages.map((one) => one.author_jid)}::text[])
				as t (message_id, author_jid)
			join message_changes c on c.user_id = ${userId} and c.jid = ${jid}
				and c.message_id = t.message_id and c.author_jid = t.author_jid
			cross join lateral unnest(c.tags) as tag
			where c.kind in ('reaction', 'vote')
			group by 1, 2, 3, 4
		) counted
		join message_changes c on c.user_id = ${userId} and c.jid = ${jid} and c.message_id = counted.message_id
			and c.author_jid = counted.author_jid and c.kind = counted.kind and c.by_jid = counted.by_jid
		order by counted.count desc, counted.tag`.execute(db);
	return rows;
}
