import type { DeviceState } from '@chat-manager/contracts';
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * The right to hold a user's socket. It is taken by counting the epoch up, in Postgres; every write in its name carries
 * the epoch in the same statement, so what a former holder still writes is refused, however late it comes.
 */
export type Lease = { userId: string; epoch: number };

/** A write was refused: somebody else holds the socket now. The holder must close its own and forget the user. */
export class LeaseLost extends Error {
	override readonly name = 'LeaseLost';
	constructor({ userId, epoch }: Lease) {
		super(`The lease of user ${userId} at epoch ${epoch} is lost`);
	}
}

/** Takes the lease if nobody did since `seenEpoch` was read. `undefined`: somebody else was first. */
export async function takeLease(
	db: Kysely<Tables>,
	{ userId, owner, seenEpoch }: { userId: string; owner: string; seenEpoch: number },
): Promise<Lease | undefined> {
	const row = await db
		.updateTable('devices')
		.set((eb) => ({
			owner,
			epoch: eb('epoch', '+', 1),
			// What the former holder last said of it is no longer true.
			state: sql<DeviceState>`case when state = 'connected' then 'reconnecting' else state end`,
			updated_at: sql<Date>`now()`,
		}))
		.where('user_id', '=', userId)
		.where('epoch', '=', seenEpoch)
		.where('wanted', '=', true)
		.returning('epoch')
		.executeTakeFirst();
	return row === undefined ? undefined : { userId, epoch: Number(row.epoch) };
}

/** Gives the lease back, so that another connector can take it at once. Nothing happens when it is lost already. */
export async function releaseLease(db: Kysely<Tables>, { userId, epoch }: Lease): Promise<void> {
	await db
		.updateTable('devices')
		.set({ owner: null })
		.where('user_id', '=', userId)
		.where('epoch', '=', epoch)
		.execute();
}

/** The leases in the name of a connector, held by it or left by an earlier process of that name. */
export async function listLeases(db: Kysely<Tables>, owner: string): Promise<Lease[]> {
	const rows = await db
		.selectFrom('devices')
		.select(['user_id', 'epoch'])
		.where('owner', '=', owner)
		.where('wanted', '=', true)
		.execute();
	return rows.map(({ user_id, epoch }) => ({ userId: user_id, epoch: Number(epoch) }));
}

/**
 * For the `with` of a fenced statement: one row while the lease holds, none otherwise. The row is locked, so that a
 * takeover waits for the write, and a write that waited for a takeover sees the new epoch.
 */
export function whileHeld({ userId, epoch }: Lease) {
	return sql`select user_id from devices where user_id = ${userId} and epoch = ${epoch} for share`;
}
