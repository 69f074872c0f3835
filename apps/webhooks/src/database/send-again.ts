import { sql } from 'kysely';
import type { Place } from './deliveries.ts';
import type { Db, DeliveryState } from './tables.ts';

/** Makes deliveries due again, now, with a schedule of retries that begins anew. */
const again = (now: Date) => sql`
	state = 'pending', due_at = ${now}::timestamptz, lease = null, finished_at = null, earlier_attempts = attempts`;

/**
 * What somebody is trying at this moment is left to them. Who held a delivery when its endpoint was disabled may have died since,
 * and of what is cancelled nobody takes the lease over: so it counts until it has run out, and no longer.
 */
const isFree = (now: Date) => sql`(lease is null or due_at <= ${now})`;

/** False when there is no such delivery, or somebody is trying it at this moment. */
export async function sendAgain(
	db: Db,
	{ userId, id, now }: { userId: string; id: number; now: Date },
): Promise<boolean> {
	const { rows } = await sql`
		update deliveries set ${again(now)}
		where id = ${id} and user_id = ${userId} and ${isFree(now)} returning id`.execute(db);
	return rows.length > 0;
}

export type Replay = {
	userId: string;
	endpointId: string;
	/** The place behind which to go on, in the order in which they came up. */
	after: Place;
	until: Date;
	/** Those in these states, and those that wait for another attempt after one that failed. */
	states: readonly DeliveryState[];
	now: Date;
	max: number;
};

/** As `sendAgain`, for at most `max` of those that came up in a time: how many, and the place of the last one. */
export async function replay(
	db: Db,
	{ userId, endpointId, after, until, states, now, max }: Replay,
): Promise<{ count: number; last: Place | undefined }> {
	const { rows } = await sql<Place>`
		with picked as (
			select id, created_at from deliveries
			where endpoint_id = ${endpointId} and user_id = ${userId}
				and (created_at, id) > (${after.createdAt}, ${after.id}) and created_at < ${until} and ${isFree(now)}
				and (state = any(${states}::text[]) or (state = 'pending' and attempts > earlier_attempts))
			order by created_at, id limit ${max} for update skip locked
		),
		touched as (
			update deliveries set ${again(now)} from picked
			where deliveries.id = picked.id and deliveries.user_id = ${userId}
			returning deliveries.id, deliveries.created_at
		)
		select id, created_at as "createdAt" from touched order by created_at, id`.execute(db);
	return { count: rows.length, last: rows.at(-1) };
}
