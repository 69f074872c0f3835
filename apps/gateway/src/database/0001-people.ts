import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/**
 * The tables of better-auth under names of our own (see `people/auth.ts`); the columns are named as it wants them. Written
 * down here instead of run by its own migration function, which knows no lock: two replicas may start together. A test
 * compares them with what it expects.
 */
export const people: Migration = {
	async up(db) {
		for (const statement of statements) await sql.raw(statement).execute(db);
	},
};

const statements = [
	`create table people (
		id text primary key,
		name text not null,
		email text not null unique,
		"emailVerified" boolean not null,
		image text,
		"createdAt" timestamptz not null default now(),
		"updatedAt" timestamptz not null default now()
	)`,
	`create table sessions (
		id text primary key,
		"expiresAt" timestamptz not null,
		token text not null unique,
		"createdAt" timestamptz not null default now(),
		"updatedAt" timestamptz not null,
		"ipAddress" text,
		"userAgent" text,
		"userId" text not null references people (id) on delete cascade
	)`,
	'create index "sessions_userId_idx" on sessions ("userId")',
	`create table sign_in_methods (
		id text primary key,
		"accountId" text not null,
		"providerId" text not null,
		"userId" text not null references people (id) on delete cascade,
		"accessToken" text,
		"refreshToken" text,
		"idToken" text,
		"accessTokenExpiresAt" timestamptz,
		"refreshTokenExpiresAt" timestamptz,
		scope text,
		password text,
		"createdAt" timestamptz not null default now(),
		"updatedAt" timestamptz not null
	)`,
	'create index "sign_in_methods_userId_idx" on sign_in_methods ("userId")',
	`create table verifications (
		id text primary key,
		identifier text not null,
		value text not null,
		"expiresAt" timestamptz not null,
		"createdAt" timestamptz not null default now(),
		"updatedAt" timestamptz not null default now()
	)`,
	'create index "verifications_identifier_idx" on verifications (identifier)',
	`create table sign_in_attempts (
		id text primary key,
		key text not null unique,
		count integer not null,
		"lastRequest" bigint not null
	)`,
];
