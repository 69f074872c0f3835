import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** The address that an account is to have once the link that went there is used, and when that was asked for. */
export const wantedEmail: Migration = {
	async up(db) {
		await sql`
			alter table people add column wanted_email text, add column wanted_email_at timestamptz`.execute(db);
	},
};
