import { sql } from 'kysely';
import type { Db, DeliveryState } from './tables.ts';
import { updateHealth } from './update-health.ts';

/** What became of a delivery that was leased. */
export type Completion = {
	deliveryId: number;
	userId: string;
	endpointId: string;
	lease: string;
	state: DeliveryState;
	/** When it is to be tried again, or when it was finished. */
	at: Date;
	/** Absent when nothing was tried, because the endpoint is disabled. */
	attempt?: AttemptRecord;
	/** Set when the endpoint wants nothing posted any more. */
	isGone?: boolean;
	/** Set when the endpoint said that it is overloaded: how long it asks to be left alone, 0 when it does not say. */
	throttleMs?: number;
};

export type AttemptRecord = {
	number: number;
	at: Date;
	latencyMs: number;
	status: number | null;
	fault: string | null;
	answer: Buffer | null;
};

/**
 * Writes completions in one transaction. A delivery whose lease has passed to another dispatcher keeps the state that the
 * other gives it; the attempt was made and is recorded all the same. Rows are locked first, in the order of their ids, and
 * endpoints before their deliveries, as their deletion does it: so two dispatchers do not wait for each other, nor does who
 * deletes an endpoint; and what was deleted with it is left out.
 */
export async function completeDeliveries(db: Db, completions: readonly Completion[]): Promise<void> {
	await db.transaction().execute(async (transaction) => {
		await sql`
			select id from endpoints where id = any(${[...new Set(completions.map(({ endpointId }) => endpointId))]}::text[])
			order by id for no key update`.execute(transaction);
		const { rows } = await sql<{ id: number }>`
			select id from deliveries where id = any(${completions.map(({ deliveryId }) => deliveryId)}::bigint[])
			order by id for update`.execute(transaction);
		const there = new Set(rows.map(({ id }) => id));
		const kept = completions.filter(({ deliveryId }) => there.has(deliveryId));
		if (kept.length === 0) return;
		await settleDeliveries(transaction, kept);
		await insertAttempts(transaction, kept);
		await updateHealth(transaction, kept);
	});
}

async function settleDeliveries(db: Db, completions: readonly Completion[]): Promise<void> {
	await sql`
		update deliveries set
			state = done.state, due_at = done.at, lease = null,
			attempts = greatest(deliveries.attempts, done.attempts),
			finished_at = case when done.state = 'pending' then null else done.at end
		from unnest(
			${completions.map(({ deliveryId }) => deliveryId)}::bigint[], ${completions.map(({ userId }) => userId)}::text[],
			${completions.map(({ lease }) => lease)}::text[], ${completions.map(({ state }) => state)}::text[],
			${completions.map(({ at }) => at)}::timestamptz[],
			${completions.map(({ attempt }) => attempt?.number ?? 0)}::integer[]
		) as done (id, user_id, lease, state, at, attempts)
		where deliveries.id = done.id and deliveries.user_id = done.user_id and deliveries.lease = done.lease`.execute(
		db,
	);
}

async function insertAttempts(db: Db, completions: readonly Completion[]): Promise<void> {
	const made = completions.flatMap(({ deliveryId, userId, attempt }) =>
		attempt === undefined ? [] : [{ deliveryId, userId, ...attempt }],
	);
	if (made.length === 0) return;
	await sql`
		insert into attempts (delivery_id, user_id, number, at, latency_ms, status, fault, answer)
		select * from unnest(
			${made.map(({ deliveryId }) => deliveryId)}::bigint[], ${made.map(({ userId }) => userId)}::text[],
			${made.map(({ number }) => number)}::integer[], ${made.map(({ at }) => at)}::timestamptz[],
			${made.map(({ latencyMs }) => latencyMs)}::integer[], ${made.map(({ status }) => status)}::integer[],
			${made.map(({ fault }) => fault)}::text[], ${made.map(({ answer }) => answer)}::bytea[]
		)`.execute(db);
}
