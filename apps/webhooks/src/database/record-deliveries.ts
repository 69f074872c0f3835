import { sql } from 'kysely';
import type { Db } from './tables.ts';

export type WantedEvent = {
	userId: string;
	id: string;
	type: string;
	groupJid: string | null;
	at: Date;
	body: Buffer;
	trace: string | null;
	endpointIds: readonly string[];
};

/**
 * Writes events with a delivery for each endpoint that wants them, in one statement, which is one transaction: an event
 * whose row is there has its deliveries already, so a repeat adds nothing. Endpoints that were deleted meanwhile are left
 * out; the lock keeps the others until the end. Gives the endpoints that something is due for now.
 */
export async function recordDeliveries(db: Db, events: readonly WantedEvent[], now: Date): Promise<string[]> {
	const deliveries = events.flatMap(({ userId, id, endpointIds }) =>
		endpointIds.map((endpointId) => ({ userId, eventId: id, endpointId })),
	);
	const { rows } = await sql<{ endpoint_id: string }>`
		with live as (
			select id, user_id from endpoints
			where id = any(${deliveries.map(({ endpointId }) => endpointId)}::text[])
				and user_id = any(${deliveries.map(({ userId }) => userId)}::text[])
			order by id for key share
		),
		stored as (
			insert into events (user_id, id, type, group_jid, at, received_at, body, trace)
			select user_id, id, type, group_jid, at, ${now}::timestamptz, body, trace
			from unnest(
				${events.map(({ userId }) => userId)}::text[], ${events.map(({ id }) => id)}::text[],
				${events.map(({ type }) => type)}::text[], ${events.map(({ groupJid }) => groupJid)}::text[],
				${events.map(({ at }) => at)}::timestamptz[], ${events.map(({ body }) => body)}::bytea[],
				${events.map(({ trace }) => trace)}::text[]
			) as given (user_id, id, type, group_jid, at, body, trace)
			order by user_id, id
			on conflict do nothing
			returning user_id, id
		),
		added as (
			insert into deliveries (user_id, event_id, endpoint_id, due_at, created_at)
			select stored.user_id, stored.id, live.id, ${now}::timestamptz, ${now}::timestamptz
			from unnest(
				${deliveries.map(({ userId }) => userId)}::text[], ${deliveries.map(({ eventId }) => eventId)}::text[],
				${deliveries.map(({ endpointId }) => endpointId)}::text[]
			) as wanted (user_id, event_id, endpoint_id)
			join stored on stored.user_id = wanted.user_id and stored.id = wanted.event_id
			join live on live.user_id = wanted.user_id and live.id = wanted.endpoint_id
			on conflict do nothing
			returning endpoint_id
		)
		select distinct endpoint_id from added`.execute(db);
	return rows.map((row) => row.endpoint_id);
}
