import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/**
 * WhatsApp's times are whole seconds. What decides within one is the place in the stream of events, which two batches that
 * overtake each other cannot change.
 */
export const streamOrder: Migration = {
	async up(db) {
		await sql`alter table messages alter column id drop identity`.execute(db);
		await sql`alter table members alter column presence_rank type bigint`.execute(db);
		await sql`alter table members rename column presence_rank to presence_sequence`.execute(db);
	},
};
