import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Invitations that were not used yet: one that is used goes, and so does what it said of somebody who has no account. */
export const invitations: Migration = {
	async up(db) {
		await sql`
			create table invitations (
				id text primary key,
				secret_hash bytea not null unique,
				email text,
				created_at timestamptz not null,
				expires_at timestamptz not null
			)`.execute(db);
	},
};
