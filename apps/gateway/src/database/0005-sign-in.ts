import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/**
 * The second factor and passkeys, with the columns that better-auth's plugins want (a test compares them), and what we know
 * beside: the language of a person, and when a session last proved who it is.
 */
export const signIn: Migration = {
	async up(db) {
		for (const statement of statements) await sql.raw(statement).execute(db);
	},
};

const statements = [
	`alter table people add column language text, add column "twoFactorEnabled" boolean default false`,
	'alter table sessions add column confirmed_at timestamptz',
	`create table two_factors (
		id text primary key,
		secret text not null,
		"backupCodes" text not null,
		"userId" text not null references people (id) on delete cascade,
		verified boolean default true,
		"failedVerificationCount" integer default 0,
		"lockedUntil" timestamptz
	)`,
	'create index "two_factors_userId_idx" on two_factors ("userId")',
	`create table passkeys (
		id text primary key,
		name text,
		"publicKey" text not null,
		"userId" text not null references people (id) on delete cascade,
		"credentialID" text not null unique,
		counter integer not null,
		"deviceType" text not null,
		"backedUp" boolean not null,
		transports text,
		"createdAt" timestamptz,
		aaguid text
	)`,
	'create index "passkeys_userId_idx" on passkeys ("userId")',
];
