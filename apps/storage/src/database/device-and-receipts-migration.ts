import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** When the device was there, and who got or read own messages; see tables.ts. */
export const deviceAndReceipts: Migration = {
	async up(db) {
		await sql`
			create table device_facts (
				user_id text not null,
				event_id text not null,
				at timestamptz not null,
				sequence bigint not null,
				kind text not null check (kind in ('connected', 'away', 'ended')),
				primary key (user_id, event_id)
			)`.execute(db);
		await sql`
			create table message_receipts (
				user_id text not null,
				jid text not null,
				message_id text not null,
				member_jid text not null,
				delivered_at timestamptz not null,
				read_at timestamptz,
				primary key (user_id, jid, message_id, member_jid)
			)`.execute(db);
	},
};
