import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

export type StarChange = { userId: string; jid: string; starred: boolean; at: Date };

/** Whether it changed anything: an older change than the one that is known, or the same once more, does not. */
export async function changeStar(
	db: Kysely<Tables>,
	{ userId, jid, starred, at }: StarChange,
): Promise<boolean> {
	const { rows } = await sql`
		insert into starred_groups (user_id, jid, starred, changed_at) values (${userId}, ${jid}, ${starred}, ${at})
		on conflict (user_id, jid) do update set starred = excluded.starred, changed_at = excluded.changed_at
		where starred_groups.changed_at < excluded.changed_at and starred_groups.starred <> excluded.starred
		returning jid`.execute(db);
	return rows.length > 0;
}

export async function listStarred(
	db: Kysely<Tables>,
	userId: string,
): Promise<{ jid: string; starredAt: Date }[]> {
	const rows = await db
		.selectFrom('starred_groups')
		.select(['jid', 'changed_at'])
		.where('user_id', '=', userId)
		.where('starred', '=', true)
		.execute();
	return rows.map(({ jid, changed_at }) => ({ jid, starredAt: changed_at }));
}

/** Whether messages of the user's groups are stored; they are until the person says otherwise. */
export async function storesMessages(db: Kysely<Tables>, userId: string): Promise<boolean> {
	const row = await db
		.selectFrom('accounts')
		.select('store_messages')
		.where('user_id', '=', userId)
		.executeTakeFirst();
	return row?.store_messages ?? true;
}

export async function changeStoring(
	db: Kysely<Tables>,
	{ userId, storeMessages, at }: { userId: string; storeMessages: boolean; at: Date },
): Promise<void> {
	await sql`
		insert into accounts (user_id, store_messages, changed_at) values (${userId}, ${storeMessages}, ${at})
		on conflict (user_id) do update set store_messages = excluded.store_messages, changed_at = excluded.changed_at
		where accounts.changed_at < excluded.changed_at`.execute(db);
}
