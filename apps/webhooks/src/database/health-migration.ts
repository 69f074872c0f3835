import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** What an endpoint needs to be paused, slowed down and given a new secret; what the columns mean stands in tables.ts. */
export const healthMigration: Migration = {
	async up(db) {
		await sql`
			alter table endpoints
				add column paused_at timestamptz,
				add column failing_since timestamptz,
				add column throttled_until timestamptz,
				add column throttles integer not null default 0,
				add column old_secret bytea,
				add column old_secret_until timestamptz,
				add column owner_told_at timestamptz`.execute(db);
		await sql`alter table deliveries add column earlier_attempts integer not null default 0`.execute(db);
		await sql`create index deliveries_of_endpoint on deliveries (endpoint_id, created_at, id)`.execute(db);
		await sql`create index endpoints_to_tell on endpoints (disabled_at)
			where disabled_at is not null and owner_told_at is null`.execute(db);
	},
};
