import { type Kysely, type Selectable, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export type OutboxEntry = Selectable<Tables['outbox']>;

/**
 * Stores an entry before anything is written to WhatsApp. With an idempotency key that is known already, nothing is
 * stored and the known entry comes back: the caller must not do it a second time. Throws `LeaseLost` when the lease is no
 * longer held: then nothing may be done at all.
 */
export async function addToOutbox(
	db: Kysely<Tables>,
	lease: Lease,
	entry: Omit<OutboxEntry, 'user_id' | 'created_at' | 'result' | 'status'>,
): Promise<{ isNew: boolean; entry: OutboxEntry }> {
	const { message_id, operation, idempotency_key, arguments_digest, content, unrecorded } = entry;
	const { rows } = await sql<OutboxEntry | Record<keyof OutboxEntry, null>>`
		with held as (${whileHeld(lease)}),
		added as (
			insert into outbox (user_id, message_id, operation, idempotency_key, arguments_digest, content, unrecorded, status)
			select user_id, ${message_id}, ${operation}, ${idempotency_key}, ${arguments_digest}, ${content}::bytea,
				${unrecorded}::bytea, 'pending'
			from held
			on conflict do nothing
			returning *
		)
		select added.* from held left join added on true`.execute(db);
	const [row] = rows;
	if (row === undefined) throw new LeaseLost(lease);
	if (row.user_id !== null) return { isNew: true, entry: row };
	const known = await db
		.selectFrom('outbox')
		.selectAll()
		.where('user_id', '=', lease.userId)
		.where('operation', '=', operation)
		.where('idempotency_key', '=', idempotency_key)
		.executeTakeFirstOrThrow();
	return { isNew: false, entry: known };
}

/** The entry of an idempotency key that was used before. */
export function findByKey(
	db: Kysely<Tables>,
	{ userId, operation, key }: { userId: string; operation: string; key: string },
): Promise<OutboxEntry | undefined> {
	return db
		.selectFrom('outbox')
		.selectAll()
		.where('user_id', '=', userId)
		.where('operation', '=', operation)
		.where('idempotency_key', '=', key)
		.executeTakeFirst();
}

/**
 * Writes down what became of an entry. What is known to be sent stays so. Throws `LeaseLost` when the lease is no longer held:
 * then the entry stays as it was.
 */
export async function settleOutbox(
	db: Kysely<Tables>,
	lease: Lease,
	entry: { messageId: string } & Pick<OutboxEntry, 'status' | 'result' | 'unrecorded'>,
): Promise<void> {
	const { messageId, status, result, unrecorded } = entry;
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		settled as (
			update outbox set status = ${status}, result = ${result}::bytea, unrecorded = ${unrecorded}::bytea
			from held where outbox.user_id = held.user_id and outbox.message_id = ${messageId}
				and (outbox.status <> 'sent' or ${status} = 'sent')
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export async function findSent(
	db: Kysely<Tables>,
	userId: string,
	messageId: string,
): Promise<Buffer | null> {
	const row = await db
		.selectFrom('outbox')
		.select('content')
		.where('user_id', '=', userId)
		.where('message_id', '=', messageId)
		.executeTakeFirst();
	return row?.content ?? null;
}

/** A sign came that an entry was sent, or it is recorded (null). Throws `LeaseLost` when the lease is no longer held. */
export async function setUnrecorded(
	db: Kysely<Tables>,
	lease: Lease,
	{ messageId, value }: { messageId: string; value: Buffer | null },
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		kept as (
			update outbox set unrecorded = ${value}::bytea, status = 'sent',
				-- What was answered while it was unknown is no answer any more.
				result = case when outbox.status = 'sent' then outbox.result end
			from held where outbox.user_id = held.user_id and outbox.message_id = ${messageId}
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

/** The entries that are not recorded, in the order in which they were made. */
export async function listUnrecorded(
	db: Kysely<Tables>,
	userId: string,
): Promise<{ messageId: string; value: Buffer; createdAt: Date }[]> {
	const rows = await db
		.selectFrom('outbox')
		.select(['message_id', 'unrecorded', 'created_at'])
		.where('user_id', '=', userId)
		.where('unrecorded', 'is not', null)
		.orderBy('created_at')
		.execute();
	return rows.flatMap(({ message_id: messageId, unrecorded: value, created_at: createdAt }) =>
		value === null ? [] : [{ messageId, value, createdAt }],
	);
}
