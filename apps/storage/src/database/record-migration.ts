import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** The tables of the record; what the columns mean stands in tables.ts. */
export const record: Migration = {
	async up(db) {
		for (const statement of [groups, members, changes, messages, settings]) await statement.execute(db);
		for (const statement of indexes) await statement.execute(db);
	},
};

const groups = sql`
	create table starred_groups (
		user_id text not null,
		jid text not null,
		name text not null default '',
		name_at timestamptz not null default '-infinity',
		description text,
		description_at timestamptz not null default '-infinity',
		starred_at timestamptz,
		unstarred_at timestamptz,
		starred boolean not null generated always as
			(starred_at is not null and (unstarred_at is null or unstarred_at < starred_at)) stored,
		last_visited_at timestamptz,
		baseline_at timestamptz,
		members_at timestamptz,
		captured_from timestamptz,
		messages_deleted_at timestamptz,
		announced boolean not null default true,
		primary key (user_id, jid)
	)`;

/** Room in each page: counters move with every message, and an update that stays in its page touches no index. */
const members = sql`
	create table members (
		user_id text not null,
		jid text not null,
		member_jid text not null,
		name text,
		named_at timestamptz not null default '-infinity',
		phone text,
		phone_at timestamptz not null default '-infinity',
		role text not null default 'member' check (role in ('member', 'admin', 'owner')),
		present boolean not null default false,
		presence_at timestamptz not null default '-infinity',
		presence_rank smallint not null default 0,
		message_count integer not null default 0 check (message_count >= 0),
		last_message_at timestamptz,
		primary key (user_id, jid, member_jid)
	) with (fillfactor = 70)`;

const changes = sql`
	create table membership_changes (
		user_id text not null,
		event_id text not null,
		jid text not null,
		member_jid text not null,
		name text,
		phone text,
		direction text not null check (direction in ('joined', 'left')),
		at timestamptz not null,
		by_jid text,
		how text not null,
		primary key (user_id, event_id)
	)`;

/** The message id stands before the author in the key: a reply names its message by chat and id alone. */
const messages = sql`
	create table messages (
		user_id text not null,
		jid text not null,
		message_id text not null,
		author_jid text not null,
		id bigint generated always as identity,
		sent_at timestamptz not null,
		kind text not null,
		content bytea,
		edited boolean not null default false,
		deleted boolean not null default false,
		is_you boolean not null,
		event_id text not null,
		primary key (user_id, jid, message_id, author_jid)
	)`;

const settings = sql`
	create table settings (
		user_id text primary key,
		store_messages boolean not null default true,
		changed_at timestamptz,
		announced boolean not null default true
	);
	create table pauses (
		user_id text not null,
		jid text not null default '',
		from_at timestamptz not null,
		to_at timestamptz,
		primary key (user_id, jid, from_at)
	)`;

const indexes = [
	// Pages hold what can be shown: a row without content was counted while storing was off.
	sql`create index messages_page on messages (user_id, jid, sent_at desc, id desc)
		where content is not null or kind = 'undecryptable'`,
	sql`create index members_present on members (user_id, jid) where present`,
	sql`create index membership_changes_since on membership_changes (user_id, jid, at)`,
	sql`create index starred_groups_list on starred_groups (user_id, starred_at desc, jid desc) where starred`,
	// What the sweep looks for; both are nearly always empty.
	sql`create index starred_groups_due on starred_groups (messages_deleted_at)
		where messages_deleted_at is not null`,
	sql`create index starred_groups_unannounced on starred_groups (user_id) where not announced`,
	sql`create index settings_unannounced on settings (user_id) where not announced`,
	sql`create unique index pauses_open on pauses (user_id, jid) where to_at is null`,
];
