import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const toldGroups: Migration = {
	async up(db) {
		await sql`
			create table told_groups (
				user_id text not null references devices on delete cascade,
				jid text not null,
				value bytea not null,
				primary key (user_id, jid)
			)`.execute(db);
		await sql`
			create table pending_notices (
				user_id text not null references devices on delete cascade,
				jid text not null,
				id text not null,
				sequence bigint generated always as identity,
				value bytea not null,
				primary key (user_id, jid, id)
			)`.execute(db);
	},
};
