import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type Settings = { store_messages: boolean; changed_at: Date | null; announced: boolean };

export async function findSettings(db: Db, userId: string): Promise<Settings | undefined> {
	return db
		.selectFrom('settings')
		.select(['store_messages', 'changed_at', 'announced'])
		.where('user_id', '=', userId)
		.executeTakeFirst();
}

/** The user's settings, made if need be and locked until the end of the transaction. */
export async function lockSettings(db: Db, userId: string): Promise<Settings> {
	await sql`insert into settings (user_id) values (${userId}) on conflict do nothing`.execute(db);
	return db
		.selectFrom('settings')
		.select(['store_messages', 'changed_at', 'announced'])
		.where('user_id', '=', userId)
		.forUpdate()
		.executeTakeFirstOrThrow();
}

/** Switches storing and begins or ends the pause that coverage tells of. It is not announced yet. */
export async function switchStoring(
	db: Db,
	args: { userId: string; storeMessages: boolean; at: Date },
): Promise<void> {
	const { userId, storeMessages, at } = args;
	await sql`
		update settings set store_messages = ${storeMessages}, changed_at = ${at}, announced = false
		where user_id = ${userId}`.execute(db);
	if (storeMessages)
		await sql`
			update pauses set to_at = ${at} where user_id = ${userId} and jid = '' and to_at is null`.execute(db);
	else await sql`insert into pauses (user_id, from_at) values (${userId}, ${at})`.execute(db);
}

export async function markSettingsAnnounced(db: Db, args: { userId: string; at: Date }): Promise<void> {
	await sql`
		update settings set announced = true
		where user_id = ${args.userId} and changed_at = ${args.at}`.execute(db);
}

/** Of the given users those who have storing switched off now, and since when. */
export async function selectPaused(db: Db, userIds: readonly string[]): Promise<Map<string, Date>> {
	const { rows } = await sql<{ user_id: string; from_at: Date }>`
		select user_id, from_at from pauses
		where user_id = any(${userIds}) and jid = '' and to_at is null`.execute(db);
	return new Map(rows.map((row) => [row.user_id, row.from_at]));
}
