import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** The tables of the ledger; what the columns mean stands in tables.ts. */
export const ledgerMigration: Migration = {
	async up(db) {
		for (const statement of [endpoints, events, deliveries, attempts, ...indexes])
			await statement.execute(db);
	},
};

const endpoints = sql`
	create table endpoints (
		id text primary key,
		user_id text not null,
		url text not null,
		name text not null,
		events text[] not null,
		groups text[],
		secret bytea not null,
		created_at timestamptz not null,
		last_delivery_at timestamptz,
		disabled_at timestamptz,
		disabled_reason text
	)`;

const events = sql`
	create table events (
		user_id text not null,
		id text not null,
		type text not null,
		group_jid text,
		at timestamptz not null,
		received_at timestamptz not null,
		body bytea not null,
		primary key (user_id, id)
	)`;

/** The unique key is what keeps a repeated event from being delivered twice. */
const deliveries = sql`
	create table deliveries (
		id bigint generated always as identity primary key,
		user_id text not null,
		event_id text not null,
		endpoint_id text not null references endpoints on delete cascade,
		state text not null default 'pending'
			check (state in ('pending', 'delivered', 'given_up', 'cancelled')),
		due_at timestamptz not null,
		lease text,
		attempts integer not null default 0,
		created_at timestamptz not null,
		finished_at timestamptz,
		unique (endpoint_id, event_id),
		foreign key (user_id, event_id) references events on delete cascade
	)`;

const attempts = sql`
	create table attempts (
		id bigint generated always as identity primary key,
		user_id text not null,
		delivery_id bigint not null references deliveries on delete cascade,
		number integer not null,
		at timestamptz not null,
		latency_ms integer not null,
		status integer,
		fault text,
		answer bytea
	)`;

const indexes = [
	sql`create index endpoints_of_user on endpoints (user_id, created_at)`,
	// Endpoint first: the dispatcher takes a few of each, so that one with a long queue does not stand before the others.
	sql`create index deliveries_due on deliveries (endpoint_id, due_at) where state = 'pending'`,
	sql`create index deliveries_of_event on deliveries (user_id, event_id)`,
	sql`create index attempts_of_delivery on attempts (delivery_id, number)`,
	sql`create index events_received on events (received_at)`,
];
