import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const groupRecord: Migration = {
	async up(db) {
		await sql`
			create table group_records (
				user_id text not null,
				jid text not null,
				value bytea not null,
				read_at timestamptz not null,
				primary key (user_id, jid)
			)`.execute(db);
		await sql`
			create table lid_phones (
				user_id text not null,
				lid text not null,
				phone text not null,
				source text not null,
				seen_at timestamptz not null,
				primary key (user_id, lid)
			)`.execute(db);
		await sql`create index lid_phones_phone on lid_phones (user_id, phone)`.execute(db);
	},
};
