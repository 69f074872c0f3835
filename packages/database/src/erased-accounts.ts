import { type Kysely, sql } from 'kysely';
import type { Migration } from './migrate.ts';

/**
 * Accounts that were deleted, by nothing but their id, for as long as something of them may still come in. The table stands in
 * every service's own schema. Put it into the list of migrations under a number.
 */
export const erasedAccountsMigration: Migration = {
	async up(db) {
		await sql`
			create table erased_accounts (
				user_id text primary key,
				erased_at timestamptz not null
			)`.execute(db);
	},
};

const maxRows = 5_000;

/**
 * Deletes every row of a user, in every table of the service's schema that names a user: the tables are asked of Postgres, so
 * that a new one cannot be forgotten. The data key goes first, from then on the rest cannot be read. Some rows at a time, and
 * again changes nothing: whoever is interrupted begins anew.
 */
export async function eraseUser<Tables>(
	db: Kysely<Tables>,
	{ userId, at }: { userId: string; at: Date },
): Promise<void> {
	await sql`
		insert into erased_accounts (user_id, erased_at) values (${userId}, ${at}) on conflict do nothing`.execute(
		db,
	);
	for (const table of await tablesOfUsers(db)) {
		for (let deleted = maxRows; deleted === maxRows; ) {
			const { numAffectedRows = 0n } = await sql`
				delete from ${sql.table(table)} where ctid = any(array(
					select ctid from ${sql.table(table)} where user_id = ${userId} limit ${maxRows}
				)) and user_id = ${userId}`.execute(db);
			deleted = Number(numAffectedRows);
		}
	}
}

async function tablesOfUsers<Tables>(db: Kysely<Tables>): Promise<string[]> {
	const { rows } = await sql<{ name: string }>`
		select table_name as name
		from information_schema.columns join information_schema.tables using (table_schema, table_name)
		where table_schema = current_schema() and column_name = 'user_id' and table_type = 'BASE TABLE'
			and table_name <> 'erased_accounts'
		order by table_name <> 'data_keys', table_name`.execute(db);
	return rows.map(({ name }) => name);
}

/** Of the given users those whose accounts were deleted. */
export async function findErased<Tables>(
	db: Kysely<Tables>,
	userIds: readonly string[],
): Promise<ReadonlySet<string>> {
	const { rows } = await sql<{ user_id: string }>`
		select user_id from erased_accounts where user_id = any(${userIds}::text[])`.execute(db);
	return new Set(rows.map(({ user_id }) => user_id));
}

/**
 * Erases once more what came in of deleted accounts at the last moment, and forgets those that were deleted before `before`.
 * For no one user.
 */
export async function eraseRemainders<Tables>(db: Kysely<Tables>, before: Date): Promise<void> {
	const { rows } = await sql<{ user_id: string; erased_at: Date }>`
		select user_id, erased_at from erased_accounts order by erased_at`.execute(db);
	for (const { user_id: userId, erased_at: at } of rows) await eraseUser(db, { userId, at });
	await sql`delete from erased_accounts where erased_at < ${before}`.execute(db);
}
