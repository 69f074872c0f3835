import type { EventType } from '@chat-manager/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, DisabledReason } from './tables.ts';

/** Who asks: a user, and the groups that the token is limited to (null: no limit). */
export type Asking = { userId: string; groups: readonly string[] | null };

export type Endpoint = {
	id: string;
	url: string;
	name: string;
	events: string[];
	groups: string[] | null;
	created_at: Date;
	last_delivery_at: Date | null;
	disabled_at: Date | null;
	disabled_reason: DisabledReason | null;
	paused_at: Date | null;
	failing_since: Date | null;
};

const columns = sql.raw(
	'id, url, name, events, groups, created_at, last_delivery_at, disabled_at, disabled_reason, paused_at, failing_since',
);

/** The endpoints that the asking may know of, in the order in which they were made. */
export async function listEndpoints(db: Db, asking: Asking): Promise<Endpoint[]> {
	const { rows } = await sql<Endpoint>`
		select ${columns} from endpoints
		where user_id = ${asking.userId} and ${withinLimit(asking)}
		order by created_at, id`.execute(db);
	return rows;
}

export async function findEndpoint(db: Db, asking: Asking, id: string): Promise<Endpoint | undefined> {
	const { rows } = await sql<Endpoint>`
		select ${columns} from endpoints
		where id = ${id} and user_id = ${asking.userId} and ${withinLimit(asking)}`.execute(db);
	return rows[0];
}

export type NewEndpoint = {
	id: string;
	userId: string;
	url: string;
	name: string;
	events: readonly EventType[];
	groups: readonly string[] | null;
	secret: Buffer;
	at: Date;
};

/** Undefined when the user has `max` endpoints already. */
export async function insertEndpoint(
	db: Db,
	{ id, userId, url, name, events, groups, secret, at }: NewEndpoint,
	max: number,
): Promise<Endpoint | undefined> {
	const { rows } = await sql<Endpoint>`
		insert into endpoints (id, user_id, url, name, events, groups, secret, created_at)
		select ${id}, ${userId}, ${url}, ${name}, ${events}::text[], ${groups}::text[], ${secret}::bytea, ${at}::timestamptz
		where (select count(*) from endpoints where user_id = ${userId}) < ${max}
		returning ${columns}`.execute(db);
	return rows[0];
}

/** Its deliveries go with it. False when the asking has no such endpoint. */
export async function deleteEndpoint(db: Db, asking: Asking, id: string): Promise<boolean> {
	const { rows } = await sql`
		delete from endpoints
		where id = ${id} and user_id = ${asking.userId} and ${withinLimit(asking)}
		returning id`.execute(db);
	return rows.length > 0;
}

/** Undefined when the asking has no such endpoint. `changes` are assignments. */
export async function changeEndpoint(
	db: Db,
	asking: Asking,
	id: string,
	changes: readonly RawBuilder<unknown>[],
): Promise<Endpoint | undefined> {
	const { rows } = await sql<Endpoint>`
		update endpoints set ${sql.join(changes)}
		where id = ${id} and user_id = ${asking.userId} and ${withinLimit(asking)}
		returning ${columns}`.execute(db);
	return rows[0];
}

/** What the events of these users may be told to. */
export type Subscription = {
	id: string;
	userId: string;
	events: string[];
	groups: string[] | null;
};

/** Also of those that are paused or disabled: what they miss is kept for later. */
export async function selectSubscriptions(db: Db, userIds: readonly string[]): Promise<Subscription[]> {
	const { rows } = await sql<Subscription>`
		select id, user_id as "userId", events, groups from endpoints
		where user_id = any(${userIds}::text[])`.execute(db);
	return rows;
}

/** A limited token knows only of endpoints that hear nothing beyond its limit. */
export function withinLimit({ groups }: Asking) {
	return groups === null ? sql`true` : sql`endpoints.groups <@ ${groups}::text[]`;
}
