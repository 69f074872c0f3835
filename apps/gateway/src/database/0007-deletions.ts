import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Accounts that are being deleted: the row is what survives a crash, and goes when every service is done. */
export const deletions: Migration = {
	async up(db) {
		await sql`
			create table pending_deletions (
				user_id text primary key,
				email text not null,
				name text not null,
				language text,
				requested_at timestamptz not null,
				waiting_for text[] not null
			)`.execute(db);
	},
};
