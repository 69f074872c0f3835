import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const polls: Migration = {
	async up(db) {
		await sql`
			create table polls (
				user_id text not null references devices on delete cascade,
				chat_jid text not null,
				author_jid text not null,
				message_id text not null,
				value bytea not null,
				kept_at timestamptz not null default now(),
				primary key (user_id, chat_jid, author_jid, message_id)
			)`.execute(db);
		await sql`create index polls_age on polls (kept_at)`.execute(db);
	},
};
