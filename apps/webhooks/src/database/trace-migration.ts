import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Attempts stand in the trace of what they tell of, also days later and from another process. */
export const traceMigration: Migration = {
	async up(db) {
		await sql`alter table events add column trace text`.execute(db);
	},
};
