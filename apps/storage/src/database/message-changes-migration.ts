import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** What happens to messages after they were written, who may do it, and words to find them by; see tables.ts. */
export const messageChanges: Migration = {
	async up(db) {
		await sql`
			alter table messages
				add column edit_revision bigint,
				add column edit_event_id text,
				add column words bigint[]`.execute(db);
		await sql`
			create table message_changes (
				user_id text not null,
				jid text not null,
				message_id text not null,
				author_jid text not null,
				kind text not null check (kind in ('edit', 'unseen_edit', 'deletion', 'reaction', 'vote')),
				by_jid text not null,
				revision bigint not null,
				event_id text not null,
				at timestamptz not null,
				content bytea,
				tags bigint[],
				swept_at timestamptz,
				primary key (user_id, jid, message_id, author_jid, kind, by_jid)
			)`.execute(db);
		await sql`
			create index message_changes_due on message_changes (swept_at) where swept_at is not null`.execute(db);
		await sql`
			create index message_changes_deletions on message_changes (user_id, jid) where kind = 'deletion'`.execute(
			db,
		);
		await sql`
			create table admin_facts (
				user_id text not null,
				jid text not null,
				event_id text not null,
				kind text not null check (kind in ('snapshot', 'promoted', 'demoted')),
				at timestamptz not null,
				sequence bigint not null,
				member_jids text[] not null,
				primary key (user_id, jid, event_id)
			)`.execute(db);
		// Each insert only appends to the index's list of what is pending; index-merger.ts sorts it in a moment later.
		await sql`
			create index messages_words on messages using gin (words)
			with (fastupdate = on, gin_pending_list_limit = 16384)`.execute(db);
		await sql`
			create index messages_undecryptable on messages (user_id, jid, sent_at desc)
			where kind = 'undecryptable' and not deleted`.execute(db);
	},
};
