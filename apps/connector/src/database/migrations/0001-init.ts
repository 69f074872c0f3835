import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const init: Migration = {
	async up(db) {
		await sql`
			create table devices (
				user_id text primary key,
				network text not null,
				state text not null,
				wanted boolean not null,
				owner text,
				epoch bigint not null default 0,
				phone text,
				qr bytea,
				qr_expires_at timestamptz,
				updated_at timestamptz not null default now()
			)`.execute(db);
		await sql`create index devices_wanted on devices (owner) where wanted`.execute(db);
		await sql`
			create table credentials (
				user_id text primary key references devices on delete cascade,
				value bytea not null
			)`.execute(db);
		await sql`
			create table signal_keys (
				user_id text not null references devices on delete cascade,
				kind text not null,
				id text not null,
				value bytea not null,
				primary key (user_id, kind, id)
			)`.execute(db);
		await sql`
			create table committed_digests (
				user_id text not null references devices on delete cascade,
				digest text not null,
				committed_at timestamptz not null default now(),
				primary key (user_id, digest)
			)`.execute(db);
		await sql`create index committed_digests_age on committed_digests (committed_at)`.execute(db);
		await sql`
			create table event_keys (
				user_id text not null,
				key_id text not null,
				value bytea not null,
				created_at timestamptz not null default now(),
				primary key (user_id, key_id)
			)`.execute(db);
		await sql`
			create table accounts (
				user_id text primary key,
				store_messages boolean not null,
				changed_at timestamptz not null
			)`.execute(db);
		await sql`
			create table starred_groups (
				user_id text not null,
				jid text not null,
				starred boolean not null,
				changed_at timestamptz not null,
				primary key (user_id, jid)
			)`.execute(db);
		await sql`
			create table outbox (
				user_id text not null,
				message_id text not null,
				operation text not null,
				idempotency_key text,
				arguments_digest text not null,
				content bytea,
				status text not null,
				result bytea,
				created_at timestamptz not null default now(),
				primary key (user_id, message_id)
			)`.execute(db);
		await sql`
			create unique index outbox_idempotency on outbox (user_id, operation, idempotency_key)
			where idempotency_key is not null`.execute(db);
	},
};
