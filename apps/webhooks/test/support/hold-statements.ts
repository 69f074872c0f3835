import { sql } from 'kysely';
import type { Ledger } from './world.ts';

/** From here on every statement that this trigger is for waits after it has read, until it is let go. `when` as in `before update on …`. */
export async function holdStatements({ db }: Ledger, when: string) {
	await sql`
		create function wait_for_turn() returns trigger language plpgsql as
		$$ begin perform pg_advisory_xact_lock_shared(1); return new; end $$`.execute(db);
	await sql`create trigger held ${sql.raw(when)} execute function wait_for_turn()`.execute(db);
	const held = await db.startTransaction().execute();
	await sql`select pg_advisory_xact_lock(1)`.execute(held);
	return {
		/** How many wait for their turn, and how many for a row or a transaction of somebody else. */
		async waiting(): Promise<{ held: number; blocked: number }> {
			const { rows } = await sql<{ held: number; blocked: number }>`
				select count(*) filter (where locktype = 'advisory') as held,
					count(*) filter (where locktype <> 'advisory') as blocked
				from pg_locks where not granted`.execute(held);
			return rows[0] ?? { held: 0, blocked: 0 };
		},
		async letGo(): Promise<void> {
			await held.commit().execute();
		},
	};
}
