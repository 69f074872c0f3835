import { sql } from 'kysely';
import type { Db } from './tables.ts';

const overdueMs = 60_000;
const maxCounted = 100_000;

/** Of all users: what is not finished, overdue or not. It stops counting at some point, for nobody needs to know better. */
export async function countPending(
	db: Db,
	now: Date,
): Promise<{ labels: { due: 'overdue' | 'waiting' }; value: number }[]> {
	const overdue = new Date(now.getTime() - overdueMs);
	const { rows } = await sql<{ overdue: string; all: string }>`
		select count(*) filter (where due_at < ${overdue}) as overdue, count(*) as all
		from (select due_at from deliveries where state = 'pending' limit ${maxCounted}) counted`.execute(db);
	const counted = { overdue: Number(rows[0]?.overdue ?? 0), all: Number(rows[0]?.all ?? 0) };
	return [
		{ labels: { due: 'overdue' }, value: counted.overdue },
		{ labels: { due: 'waiting' }, value: counted.all - counted.overdue },
	];
}
