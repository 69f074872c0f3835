import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

export const unreadMessages: Migration = {
	async up(db) {
		await sql`
			create table unread_messages (
				user_id text not null references devices on delete cascade,
				chat_jid text not null,
				message_id text not null,
				value bytea not null,
				times_asked smallint not null default 0,
				noted_at timestamptz not null default now(),
				primary key (user_id, chat_jid, message_id)
			)`.execute(db);
		await sql`create index unread_messages_age on unread_messages (noted_at)`.execute(db);
	},
};
