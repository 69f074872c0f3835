import type { EventType } from '@chat-manager/contracts';
import { sql } from 'kysely';
import { type Asking, changeEndpoint, type Endpoint } from './endpoints.ts';
import type { Db } from './tables.ts';

/** What its owner may change of an endpoint; what is left out stays. Undefined when the asking has no such endpoint. */
export function updateEndpoint(
	db: Db,
	asking: Asking,
	{ id, url, name, events, groups }: EndpointUpdate,
): Promise<Endpoint | undefined> {
	const changes = [
		sql`name = coalesce(${name ?? null}, name)`,
		sql`events = coalesce(${events ?? null}::text[], events)`,
		...(url === undefined ? [] : [sql`url = ${url}`]),
		...(groups === undefined ? [] : [sql`groups = ${groups}::text[]`]),
	];
	return changeEndpoint(db, asking, id, changes);
}

export type EndpointUpdate = {
	id: string;
	url?: string | undefined;
	name?: string | undefined;
	events?: readonly EventType[] | undefined;
	groups?: readonly string[] | null | undefined;
};

/** What is due from here on waits. Pausing twice keeps the first moment. */
export function pauseEndpoint(db: Db, asking: Asking, id: string, at: Date): Promise<Endpoint | undefined> {
	return changeEndpoint(db, asking, id, [sql`paused_at = coalesce(paused_at, ${at})`]);
}

/** It begins as if it had never failed. */
export function resumeEndpoint(db: Db, asking: Asking, id: string): Promise<Endpoint | undefined> {
	return changeEndpoint(db, asking, id, [
		sql`paused_at = null, disabled_at = null, disabled_reason = null, owner_told_at = null`,
		sql`failing_since = null, throttled_until = null, throttles = 0`,
	]);
}

/** The secret in use becomes the old one; one that was old already signs no more. */
export function rotateSecret(
	db: Db,
	asking: Asking,
	{ id, secret, oldSecretUntil }: { id: string; secret: Buffer; oldSecretUntil: Date },
): Promise<Endpoint | undefined> {
	return changeEndpoint(db, asking, id, [
		sql`old_secret = secret, old_secret_until = ${oldSecretUntil}, secret = ${secret}::bytea`,
	]);
}
