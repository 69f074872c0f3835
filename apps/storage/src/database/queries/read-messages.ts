import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import { type CoverageRow, factsOfDevice, pausesOfGroup } from './coverage.ts';

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
	/** Whether anybody reacted to it or voted in it. */
	chosen: boolean;
};

/** What narrows a list of messages down. */
export type MessageFilter = {
	/** Digests of words that all must be there, as an array in the form of Postgres. */
	words: string | undefined;
	from: { jid: string | null; phone: string | null } | undefined;
	/** Inclusive. */
	since: Date | undefined;
	/** Exclusive. */
	until: Date | undefined;
};

export type MessagePage = { record: CoverageRow; rows: MessageRow[] };

/**
 * A page of a group's messages, newest first, that begins below `before`, and what the group's messages cover; undefined when
 * the group is not among the user's starred ones. One statement, for this is what is asked most: what is known of the group comes
 * with the first row.
 */
export async function readPage(
	db: Db,
	args: {
		userId: string;
		jid: string;
		before: { sentAt: Date; id: string } | undefined;
		filter: MessageFilter;
		limit: number;
	},
): Promise<MessagePage | undefined> {
	const { userId, jid, before, filter, limit } = args;
	const { rows } = await sql<PageRow>`
		select ${pageColumns}, case when coalesce(page.place, 1) = 1 then json_build_object(
				'captured_from', g.captured_from, 'storing', coalesce(s.store_messages, true),
				'pauses', ${pausesOfGroup}, 'device', ${factsOfDevice}
			) end as record
		from starred_groups g
		left join settings s on s.user_id = g.user_id
		left join lateral (
			select ${messageColumns}, row_number() over (order by m.sent_at desc, m.id desc) as place
			${fromMessages}
			where m.user_id = ${userId} and m.jid = ${jid} and ${isShown} and ${passes(filter)}
				${before === undefined ? sql`` : sql`and (m.sent_at, m.id) < (${before.sentAt}, ${before.id}::bigint)`}
			order by m.sent_at desc, m.id desc
			limit ${limit}
		) page on true
		where g.user_id = ${userId} and g.jid = ${jid} and g.starred
		order by page.place`.execute(db);
	const record = rows[0]?.record;
	if (!record) return undefined;
	return {
		record: { ...record, captured_from: new Date(record.captured_from) },
		// A group without messages has one row with nothing but its own columns.
		rows: rows.filter((row): row is PageRow & MessageRow => row.id !== null),
	};
}

/** Named one by one: a query for all columns is not prepared. */
const pageColumns = sql`page.id, page.jid, page.message_id, page.author_jid, page.sent_at, page.kind, page.content,
	page.edited, page.deleted, page.is_you, page.name, page.phone, page.chosen`;

type PageRow = { [K in keyof MessageRow]: MessageRow[K] | null } & {
	/** As JSON, in which a time is a text. */
	record: (Omit<CoverageRow, 'captured_from'> & { captured_from: string }) | null;
};

/** When the newest messages of a group were sent that cannot be read, and so cannot be searched; `filter.words` is not asked. */
export async function listUnreadable(
	db: Db,
	args: { userId: string; jid: string; filter: MessageFilter; limit: number },
): Promise<Date[]> {
	const { userId, jid, filter, limit } = args;
	const { rows } = await sql<{ sent_at: Date }>`
		select m.sent_at from messages m
		left join members p on p.user_id = m.user_id and p.jid = m.jid and p.member_jid = m.author_jid
		where m.user_id = ${userId} and m.jid = ${jid} and m.kind = 'undecryptable' and not m.deleted
			and ${passes({ ...filter, words: undefined })}
		order by m.sent_at desc
		limit ${limit}`.execute(db);
	return rows.map((row) => row.sent_at);
}

function passes({ words, from, since, until }: MessageFilter) {
	const conditions = [
		words === undefined ? sql`true` : sql`m.words @> ${words}::bigint[]`,
		from === undefined ? sql`true` : sql`(m.author_jid = ${from.jid} or p.phone = ${from.phone})`,
		since === undefined ? sql`true` : sql`m.sent_at >= ${since}`,
		until === undefined ? sql`true` : sql`m.sent_at < ${until}`,
	];
	return sql.join(conditions, sql` and `);
}

/** A message by its id; of several authors' the newest. */
export async function findMessage(
	db: Db,
	args: { userId: string; jid: string; messageId: string },
): Promise<MessageRow | undefined> {
	const { rows } = await sql<MessageRow>`
		select ${messageColumns} ${fromMessages}
		where m.user_id = ${args.userId} and m.jid = ${args.jid} and m.message_id = ${args.messageId} and ${isShown}
		order by m.sent_at desc, m.id desc
		limit 1`.execute(db);
	return rows[0];
}

/** Messages of a group, starred or not, the oldest first, behind a place: for the export of all of them. */
export async function readForward(
	db: Db,
	args: { userId: string; jid: string; after: { sentAt: Date; id: string } | undefined; limit: number },
): Promise<MessageRow[]> {
	const { userId, jid, after, limit } = args;
	const { rows } = await sql<MessageRow>`
		select ${messageColumns} ${fromMessages}
		where m.user_id = ${userId} and m.jid = ${jid} and ${isShown}
			${after === undefined ? sql`` : sql`and (m.sent_at, m.id) > (${after.sentAt}, ${after.id}::bigint)`}
		order by m.sent_at, m.id limit ${limit}`.execute(db);
	return rows;
}

export async function countMessages(db: Db, userId: string): Promise<number> {
	const { rows } = await sql<{ count: string }>`
		select count(*) from messages m where m.user_id = ${userId} and ${isShown}`.execute(db);
	return Number(rows[0]?.count ?? 0);
}

/** The predicate of the index messages_page: without content and no placeholder, it was only counted. */
export const isShown = sql`(m.content is not null or m.kind = 'undecryptable')`;

const messageColumns = sql`
	m.id, m.jid, m.message_id, m.author_jid, m.sent_at, m.kind, m.content, m.edited, m.deleted, m.is_you, p.name, p.phone,
	exists (
		select from message_changes c
		where c.user_id = m.user_id and c.jid = m.jid and c.message_id = m.message_id and c.author_jid = m.author_jid
			and c.kind in ('reaction', 'vote') and c.tags is not null
	) as chosen`;

const fromMessages = sql`
	from messages m
	left join members p on p.user_id = m.user_id and p.jid = m.jid and p.member_jid = m.author_jid`;
