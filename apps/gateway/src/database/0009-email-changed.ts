import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Since when an account has its address; null for as long as it has the first. */
export const emailChanged: Migration = {
	async up(db) {
		await sql`alter table people add column email_changed_at timestamptz`.execute(db);
	},
};
