import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Mails on their way, and for some days the ids of those that went: none goes twice. */
export const mails: Migration = {
	async up(db) {
		await sql`
			create table outgoing_mails (
				id text primary key,
				user_id text references people (id) on delete cascade,
				recipient text,
				letter bytea,
				created_at timestamptz not null,
				due_at timestamptz,
				attempts integer not null default 0
			)`.execute(db);
		await sql`create index outgoing_mails_due on outgoing_mails (due_at) where due_at is not null`.execute(
			db,
		);
		await sql`create index outgoing_mails_created on outgoing_mails (created_at)`.execute(db);
	},
};
