import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/** Personal access tokens now; kind, client and audience are there for OAuth. */
export const accessTokens: Migration = {
	async up(db) {
		await sql`
			create table access_tokens (
				id text primary key,
				user_id text not null references people (id) on delete cascade,
				kind text not null check (kind in ('pat')),
				client_id text,
				audience text,
				name text not null,
				prefix text not null,
				secret_hash bytea not null unique,
				scopes text[] not null,
				groups text[],
				created_at timestamptz not null default now(),
				expires_at timestamptz,
				last_used_at timestamptz,
				revoked_at timestamptz
			)`.execute(db);
		await sql`create index access_tokens_user_id on access_tokens (user_id, created_at)`.execute(db);
	},
};
