import { sql } from 'kysely';
import type { Db } from './tables.ts';

/**
 * Deletes events that came before a moment, with their deliveries and attempts, unless one of these waits for an endpoint that
 * is not paused. How many.
 */
export async function pruneEvents(db: Db, { before, max }: { before: Date; max: number }): Promise<number> {
	const { rows } = await sql`
		with old as (
			select user_id, id from events
			where received_at < ${before} and not exists (
				select from deliveries join endpoints on endpoints.id = deliveries.endpoint_id
				where deliveries.user_id = events.user_id and deliveries.event_id = events.id and state = 'pending'
					and endpoints.paused_at is null
			)
			order by received_at limit ${max} for update skip locked
		)
		delete from events using old where events.user_id = old.user_id and events.id = old.id
		returning events.id`.execute(db);
	return rows.length;
}
