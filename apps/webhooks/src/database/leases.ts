import { sql } from 'kysely';
import type { Db } from './tables.ts';

/**
 * The dispatcher works for all users at once, so its queries are the ones that name no single user; every row that they
 * give carries its own.
 */
export type LeasedDelivery = {
	id: number;
	userId: string;
	eventId: string;
	endpointId: string;
	/** Attempts that were made before. */
	attempts: number;
	/** Those of them that do not count for the schedule of retries. */
	earlierAttempts: number;
	url: string;
	isDisabled: boolean;
	/** Sealed. */
	secret: Buffer;
	/** Sealed; the one before it, while it signs too. */
	oldSecret: Buffer | null;
	/** Sealed. */
	body: Buffer;
	/** When the event was written into the ledger. */
	receivedAt: Date;
	/** Where in the trace of its event it belongs (W3C `traceparent`); null: nowhere. */
	trace: string | null;
};

/** Endpoints after `after` that have something due, in the order of their ids: a walk along the index, a step an endpoint. */
export async function findWaitingEndpoints(
	db: Db,
	{ after, now, max }: { after: string; now: Date; max: number },
): Promise<string[]> {
	const { rows } = await sql<{ endpoint_id: string }>`
		with recursive steps as (
			(select endpoint_id, due_at from deliveries
				where state = 'pending' and endpoint_id > ${after} order by endpoint_id, due_at limit 1)
			union all
			select next.endpoint_id, next.due_at from steps cross join lateral (
				select endpoint_id, due_at from deliveries
				where state = 'pending' and endpoint_id > steps.endpoint_id order by endpoint_id, due_at limit 1
			) next
		)
		select endpoint_id from steps join endpoints on endpoints.id = steps.endpoint_id
		where due_at <= ${now} and ${isOpen(now)}
		order by endpoint_id limit ${max}`.execute(db);
	return rows.map((row) => row.endpoint_id);
}

/**
 * Takes what is due for these endpoints, of each at most as many as there is room for. What another dispatcher is taking at
 * this moment is skipped. Until the lease runs out nobody else tries a delivery; then anybody may.
 */
export async function leaseDeliveries(
	db: Db,
	options: { wanted: ReadonlyMap<string, number>; lease: string; now: Date; until: Date },
): Promise<LeasedDelivery[]> {
	const { wanted, lease, now, until } = options;
	const { rows } = await sql<LeasedDelivery>`
		with picked as (
			select due.id
			from unnest(${[...wanted.keys()]}::text[], ${[...wanted.values()]}::integer[]) as wanted (endpoint_id, room)
			join endpoints on endpoints.id = wanted.endpoint_id and ${isOpen(now)}
			cross join lateral (
				select id from deliveries
				where endpoint_id = wanted.endpoint_id and state = 'pending' and due_at <= ${now}
				order by due_at, id limit wanted.room for update skip locked
			) due
		)
		update deliveries set due_at = ${until}, lease = ${lease}
		from picked, endpoints, events
		where deliveries.id = picked.id
			and endpoints.id = deliveries.endpoint_id and endpoints.user_id = deliveries.user_id
			and events.user_id = deliveries.user_id and events.id = deliveries.event_id
		returning deliveries.id, deliveries.user_id as "userId", deliveries.event_id as "eventId",
			deliveries.endpoint_id as "endpointId", deliveries.attempts, deliveries.earlier_attempts as "earlierAttempts",
			endpoints.url, endpoints.secret, events.body, events.received_at as "receivedAt", events.trace, endpoints.disabled_at is not null as "isDisabled",
			case when endpoints.old_secret_until > ${now} then endpoints.old_secret end as "oldSecret"`.execute(db);
	return rows.sort((a, b) => a.id - b.id);
}

/** Gives deliveries that were not tried back, so that another dispatcher need not wait for the end of the lease. */
export async function releaseDeliveries(
	db: Db,
	{ ids, leases, now }: { ids: readonly number[]; leases: readonly string[]; now: Date },
): Promise<void> {
	await sql`
		update deliveries set due_at = ${now}, lease = null
		where id = any(${ids}::bigint[]) and lease = any(${leases}::text[]) and state = 'pending'`.execute(db);
}

/** Nothing is taken for an endpoint that is paused, or that said a moment ago that it is overloaded. */
function isOpen(now: Date) {
	return sql`endpoints.paused_at is null
		and (endpoints.throttled_until is null or endpoints.throttled_until <= ${now})`;
}
