import { type Kysely, sql } from 'kysely';
import type { Migration } from './migrate.ts';

/** The table of the keys; it stands in every service's own schema. Put it into the list of migrations under a number. */
export const dataKeysMigration: Migration = {
	async up(db) {
		await sql`
			create table data_keys (
				user_id text primary key,
				wrapped bytea not null,
				created_at timestamptz not null default now()
			)`.execute(db);
	},
};

export type DataKeyRow = { user_id: string; wrapped: Buffer };

export async function findDataKey<Tables>(db: Kysely<Tables>, userId: string): Promise<Buffer | undefined> {
	const { rows } = await sql<DataKeyRow>`
		select wrapped from data_keys where user_id = ${userId}`.execute(db);
	return rows[0]?.wrapped;
}

/** Leaves a key that is there already alone. */
export async function insertDataKey<Tables>(db: Kysely<Tables>, row: DataKeyRow): Promise<void> {
	await sql`
		insert into data_keys (user_id, wrapped) values (${row.user_id}, ${row.wrapped})
		on conflict do nothing`.execute(db);
}

/** Only while the key is still wrapped as it was read; whether it was. */
export async function replaceDataKey<Tables>(
	db: Kysely<Tables>,
	row: DataKeyRow,
	wrapped: Buffer,
): Promise<boolean> {
	const { numAffectedRows = 0n } = await sql`
		update data_keys set wrapped = ${wrapped}
		where user_id = ${row.user_id} and wrapped = ${row.wrapped}`.execute(db);
	return numAffectedRows > 0n;
}

export async function deleteDataKey<Tables>(db: Kysely<Tables>, userId: string): Promise<void> {
	await sql`delete from data_keys where user_id = ${userId}`.execute(db);
}

/** The next rows in the order of their users. Rotating the master key is the one query that is for no one user. */
export async function listDataKeys<Tables>(db: Kysely<Tables>, afterUserId: string): Promise<DataKeyRow[]> {
	const { rows } = await sql<DataKeyRow>`
		select user_id, wrapped from data_keys
		where user_id > ${afterUserId} order by user_id limit 500`.execute(db);
	return rows;
}
