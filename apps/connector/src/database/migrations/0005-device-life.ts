import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const deviceLife: Migration = {
	async up(db) {
		await sql`
			alter table devices
				add column link_method text not null default 'qr',
				add column link_phone text,
				add column code bytea,
				add column code_expires_at timestamptz,
				add column reason text,
				add column retry_at timestamptz,
				add column announced text,
				add column announced_at timestamptz`.execute(db);
		// What was connected before was told of.
		await sql`
			update devices set announced = 'connected', announced_at = updated_at where state = 'connected'`.execute(
			db,
		);
	},
};
