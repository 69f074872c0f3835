import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** What access tokens did, and the confirmations that were used up. */
export const audit: Migration = {
	async up(db) {
		await sql`
			create table audit_entries (
				id bigint generated always as identity primary key,
				user_id text not null references people (id) on delete cascade,
				call_id text not null unique,
				token_id text not null,
				tool text not null,
				arguments_digest text,
				outcome text not null,
				duration_ms integer,
				at timestamptz not null
			)`.execute(db);
		await sql`create index audit_entries_user_id on audit_entries (user_id, at desc, id desc)`.execute(db);
		await sql`create index audit_entries_at on audit_entries (at)`.execute(db);
		await sql`
			create table used_confirmations (
				user_id text not null references people (id) on delete cascade,
				id text not null,
				expires_at timestamptz not null,
				primary key (user_id, id)
			)`.execute(db);
	},
};
