import { type RawBuilder, sql } from 'kysely';
import { type Asking, withinLimit } from './endpoints.ts';
import type { Db, DeliveryState } from './tables.ts';

export type Delivery = {
	id: number;
	endpoint_id: string;
	event_id: string;
	type: string;
	group_jid: string | null;
	happened_at: Date;
	state: DeliveryState;
	attempts: number;
	due_at: Date;
	/** Whether somebody is trying it at this moment. */
	is_leased: boolean;
	is_paused: boolean;
	created_at: Date;
	finished_at: Date | null;
};

export type Place = { createdAt: Date; id: number };

const columns = sql.raw(`
	deliveries.id, deliveries.endpoint_id, deliveries.event_id, events.type, events.group_jid, events.at as happened_at,
	deliveries.state, deliveries.attempts, deliveries.due_at, deliveries.lease is not null as is_leased,
	endpoints.paused_at is not null as is_paused, deliveries.created_at, deliveries.finished_at`);

/** Deliveries of one endpoint, newest first, behind `before`. */
export async function listDeliveries(
	db: Db,
	asking: Asking,
	args: { endpointId: string; state: DeliveryState | undefined; before: Place | undefined; limit: number },
): Promise<Delivery[]> {
	const { endpointId, state, before, limit } = args;
	const { rows } = await sql<Delivery>`
		select ${columns} from ${ofAsking(asking)} and deliveries.endpoint_id = ${endpointId}
			${state === undefined ? sql`` : sql`and deliveries.state = ${state}`}
			${before === undefined ? sql`` : sql`and (deliveries.created_at, deliveries.id) < (${before.createdAt}, ${before.id})`}
		order by deliveries.created_at desc, deliveries.id desc limit ${limit}`.execute(db);
	return rows;
}

export async function findDelivery(
	db: Db,
	asking: Asking,
	id: number,
): Promise<(Delivery & { body: Buffer }) | undefined> {
	const { rows } = await sql<Delivery & { body: Buffer }>`
		select ${columns}, events.body from ${ofAsking(asking)} and deliveries.id = ${id}`.execute(db);
	return rows[0];
}

export type AttemptRow = {
	number: number;
	at: Date;
	latency_ms: number;
	status: number | null;
	fault: string | null;
	answer: Buffer | null;
};

/** The latest attempts of a delivery, first to last. */
export async function listAttempts(
	db: Db,
	{ userId, deliveryId, max }: { userId: string; deliveryId: number; max: number },
): Promise<AttemptRow[]> {
	const { rows } = await sql<AttemptRow>`
		select number, at, latency_ms, status, fault, answer from attempts
		where delivery_id = ${deliveryId} and user_id = ${userId} order by number desc limit ${max}`.execute(db);
	return rows.reverse();
}

/** The one of an event for an endpoint. */
export async function findDeliveryOf(
	db: Db,
	{ userId, endpointId, eventId }: { userId: string; endpointId: string; eventId: string },
): Promise<number | undefined> {
	const { rows } = await sql<{ id: number }>`
		select id from deliveries
		where endpoint_id = ${endpointId} and event_id = ${eventId} and user_id = ${userId}`.execute(db);
	return rows[0]?.id;
}

/** Where the deliveries of the asking are, with what else is known of them. */
function ofAsking(asking: Asking): RawBuilder<unknown> {
	return sql`deliveries
		join endpoints on endpoints.id = deliveries.endpoint_id and endpoints.user_id = deliveries.user_id
		join events on events.user_id = deliveries.user_id and events.id = deliveries.event_id
		where deliveries.user_id = ${asking.userId} and ${withinLimit(asking)}`;
}
