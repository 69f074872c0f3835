import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/**
 * What a visit has seen is what was in the record then, not what had happened by then: a device that was away tells later of what
 * happened before. So each change has a place in the order in which changes were recorded, and a visit notes the last one. What
 * is older has none, and counts by its time as before.
 */
export const visits: Migration = {
	async up(db) {
		await sql`create sequence membership_changes_place`.execute(db);
		await sql`alter table membership_changes add column place bigint`.execute(db);
		await sql`
			alter table membership_changes alter column place set default nextval('membership_changes_place')`.execute(
			db,
		);
		await sql`alter sequence membership_changes_place owned by membership_changes.place`.execute(db);
		await sql`alter table starred_groups add column visited_place bigint`.execute(db);
	},
};
