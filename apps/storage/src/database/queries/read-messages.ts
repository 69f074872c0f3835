import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type MessageRow = {
	id: number;
	jid: string;
	message_id: string;
	author_jid: string;
	sent_at: Date;
	kind: string;
	content: Buffer | null;
	edited: boolean;
	deleted: boolean;
	is_you: boolean;
	name: string | null;
	phone: string | null;
};

/** A page of a group's messages, newest first, that begins below `before`. */
export async function listMessages(
	db: Db,
	args: { userId: string; jid: string; before: { sentAt: Date; id: string } | undefined; limit: number },
): Promise<MessageRow[]> {
	const { userId, jid, before, limit } = args;
	const { rows } = await sql<MessageRow>`
		${selectMessage}
		where m.user_id = ${userId} and m.jid = ${jid} and ${isShown}
			${before === undefined ? sql`` : sql`and (m.sent_at, m.id) < (${before.sentAt}, ${before.id}::bigint)`}
		order by m.sent_at desc, m.id desc
		limit ${limit}`.execute(db);
	return rows;
}

/** A message by its id; of several authors' the newest. */
export async function findMessage(
	db: Db,
	args: { userId: string; jid: string; messageId: string },
): Promise<MessageRow | undefined> {
	const { rows } = await sql<MessageRow>`
		${selectMessage}
		where m.user_id = ${args.userId} and m.jid = ${args.jid} and m.message_id = ${args.messageId} and ${isShown}
		order by m.sent_at desc, m.id desc
		limit 1`.execute(db);
	return rows[0];
}

/** The predicate of the index messages_page: without content and no placeholder, it was only counted. */
const isShown = sql`(m.content is not null or m.kind = 'undecryptable')`;

const selectMessage = sql`
	select m.id, m.jid, m.message_id, m.author_jid, m.sent_at, m.kind, m.content, m.edited, m.deleted, m.is_you,
		p.name, p.phone
	from messages m
	left join members p on p.user_id = m.user_id and p.jid = m.jid and p.member_jid = m.author_jid`;
