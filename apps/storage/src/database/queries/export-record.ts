import { sql } from 'kysely';
import type { Db } from '../tables.ts';

/** A thing that is kept, and its place among those of its kind. */
export type ExportRow = { key: string; record: Record<string, unknown> };
type Page = { userId: string; after: string; limit: number };

/** What the export reads that is no message: kind by kind, in the order of a key. */
export const exportReaders = {
	async settings(db: Db, { userId, after, limit }: Page): Promise<ExportRow[]> {
		const { rows } = await sql<ExportRow>`
			select 'settings' as key, json_build_object('storeMessages', store_messages, 'changedAt', changed_at) as record
			from settings where user_id = ${userId} and 'settings' > ${after} limit ${limit}`.execute(db);
		return rows;
	},
	async groups(db: Db, { userId, after, limit }: Page): Promise<ExportRow[]> {
		const { rows } = await sql<ExportRow>`
			select jid as key, json_build_object(
				'jid', jid, 'name', name, 'description', description, 'starred', starred, 'starredAt', starred_at,
				'unstarredAt', unstarred_at, 'lastVisitedAt', last_visited_at, 'capturedFrom', captured_from
			) as record
			from starred_groups where user_id = ${userId} and jid > ${after} order by jid limit ${limit}`.execute(
			db,
		);
		return rows;
	},
	async members(db: Db, { userId, after, limit }: Page): Promise<ExportRow[]> {
		const { rows } = await sql<ExportRow>`
			select jid || ' ' || member_jid as key, json_build_object(
				'group', jid, 'jid', member_jid, 'name', name, 'phone', phone, 'role', role, 'present', present,
				'messageCount', message_count, 'lastMessageAt', last_message_at
			) as record
			from members
			where user_id = ${userId} and (jid, member_jid) > (split_part(${after}, ' ', 1), split_part(${after}, ' ', 2))
			order by jid, member_jid limit ${limit}`.execute(db);
		return rows;
	},
	async membership_changes(db: Db, { userId, after, limit }: Page): Promise<ExportRow[]> {
		const { rows } = await sql<ExportRow>`
			select event_id as key, json_build_object(
				'group', jid, 'jid', member_jid, 'name', name, 'phone', phone, 'direction', direction, 'at', at,
				'by', by_jid, 'how', how
			) as record
			from membership_changes where user_id = ${userId} and event_id > ${after}
			order by event_id limit ${limit}`.execute(db);
		return rows;
	},
};

const tables = {
	settings: 'settings',
	groups: 'starred_groups',
	members: 'members',
	membership_changes: 'membership_changes',
} as const satisfies Record<keyof typeof exportReaders, string>;

export async function countRecords(
	db: Db,
	userId: string,
	kind: keyof typeof exportReaders,
): Promise<number> {
	const { rows } = await sql<{ count: string }>`
		select count(*) from ${sql.table(tables[kind])} where user_id = ${userId}`.execute(db);
	return Number(rows[0]?.count ?? 0);
}

/** The groups of a user of which there may be messages, in an order that stays. */
export async function listRecordedGroups(db: Db, userId: string, from: string): Promise<string[]> {
	const { rows } = await sql<{ jid: string }>`
		select jid from starred_groups where user_id = ${userId} and jid >= ${from} order by jid`.execute(db);
	return rows.map(({ jid }) => jid);
}
