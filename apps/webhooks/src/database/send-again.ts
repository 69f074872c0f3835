import { sql } from 'kysely';
import type { Db, DeliveryState } from './tables.ts';

/**
 * Makes finished deliveries of an endpoint due again, now, with a schedule of retries that begins anew. One that waits is
 * due now as well; one that somebody is trying at this moment is left to them.
 */
const again = (now: Date) => sql`
	state = 'pending', due_at = ${now}::timestamptz, finished_at = null, earlier_attempts = attempts`;

/** False when there is no such delivery, or somebody is trying it at this moment. */
export async function sendAgain(
	db: Db,
	{ userId, id, now }: { userId: string; id: number; now: Date },
): Promise<boolean> {
	const { rows } = await sql`
		update deliveries set ${again(now)}
		where id = ${id} and user_id = ${userId} and lease is null returning id`.execute(db);
	return rows.length > 0;
}

export type Replay = {
	userId: string;
	endpointId: string;
	since: Date;
	until: Date;
	states: readonly DeliveryState[];
	now: Date;
	max: number;
};

/** As `sendAgain`, for at most `max` of those that came up in a time. */
export async function replay(
	db: Db,
	{ userId, endpointId, since, until, states, now, max }: Replay,
): Promise<number> {
	const { rows } = await sql`
		update deliveries set ${again(now)}
		where user_id = ${userId} and id in (
			select id from deliveries
			where endpoint_id = ${endpointId} and user_id = ${userId} and created_at >= ${since} and created_at < ${until}
				and state = any(${states}::text[]) and lease is null
			order by created_at, id limit ${max} for update skip locked
		)
		returning id`.execute(db);
	return rows.length;
}
