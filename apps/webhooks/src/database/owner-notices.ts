import { sql } from 'kysely';
import type { Db, DisabledReason } from './tables.ts';

export type Untold = { id: string; userId: string; name: string; reason: DisabledReason; disabledAt: Date };

/** Endpoints that were disabled and whose owner does not know it yet, of all users. */
export async function findUntold(db: Db, max: number): Promise<Untold[]> {
	const { rows } = await sql<Untold>`
		select id, user_id as "userId", name, disabled_reason as reason, disabled_at as "disabledAt" from endpoints
		where disabled_at is not null and owner_told_at is null order by disabled_at limit ${max}`.execute(db);
	return rows;
}

export async function markTold(
	db: Db,
	{ id, userId, disabledAt, now }: { id: string; userId: string; disabledAt: Date; now: Date },
): Promise<void> {
	await sql`
		update endpoints set owner_told_at = ${now}
		where id = ${id} and user_id = ${userId} and disabled_at = ${disabledAt}`.execute(db);
}
