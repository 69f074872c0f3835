import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const unrecordedMessages: Migration = {
	async up(db) {
		await sql`alter table outbox add column unrecorded bytea`.execute(db);
	},
};
