import type { Kysely, Selectable } from 'kysely';
import type { Tables } from './tables.ts';

export type OutboxEntry = Selectable<Tables['outbox']>;

/**
 * Stores an entry before anything is written to WhatsApp. With an idempotency key that is known already, nothing is
 * stored and the known entry comes back: the caller must not do it a second time.
 */
export async function addToOutbox(
	db: Kysely<Tables>,
	entry: Omit<OutboxEntry, 'created_at' | 'result' | 'status'>,
): Promise<{ isNew: boolean; entry: OutboxEntry }> {
	const added = await db
		.insertInto('outbox')
		.values({ ...entry, status: 'pending', result: null })
		.onConflict((conflict) => conflict.doNothing())
		.returningAll()
		.executeTakeFirst();
	if (added !== undefined) return { isNew: true, entry: added };
	const known = await db
		.selectFrom('outbox')
		.selectAll()
		.where('user_id', '=', entry.user_id)
		.where('operation', '=', entry.operation)
		.where('idempotency_key', '=', entry.idempotency_key)
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

export async function settleOutbox(
	db: Kysely<Tables>,
	{
		userId,
		messageId,
		status,
		result,
	}: {
		userId: string;
		messageId: string;
		status: OutboxEntry['status'];
		result: Buffer | null;
	},
): Promise<void> {
	await db
		.updateTable('outbox')
		.set({ status, result })
		.where('user_id', '=', userId)
		.where('message_id', '=', messageId)
		.execute();
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
