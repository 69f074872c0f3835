import type { DeviceState } from '@chat-manager/contracts';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type Lease, LeaseLost } from './lease.ts';
import type { Tables } from './tables.ts';

export type Device = Selectable<Tables['devices']>;

export function findDevice(db: Kysely<Tables>, userId: string): Promise<Device | undefined> {
	return db.selectFrom('devices').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Says that a device is wanted: whoever places it takes the lease. An earlier device of the user is forgotten. */
export async function wantDevice(db: Kysely<Tables>, userId: string, network: string): Promise<void> {
	const fresh = {
		network,
		state: 'linking' as const,
		wanted: true,
		phone: null,
		qr: null,
		qr_expires_at: null,
	};
	await db.transaction().execute(async (transaction) => {
		await transaction
			.insertInto('devices')
			.values({ user_id: userId, owner: null, ...fresh })
			.onConflict((conflict) => conflict.column('user_id').doUpdateSet(fresh))
			.execute();
		await deleteSecrets(transaction, userId);
	});
}

/** Says that a device is no longer wanted, and destroys its secrets. The epoch moves on: a holder is fenced off. */
export function unwantDevice(db: Kysely<Tables>, userId: string): Promise<void> {
	return db.transaction().execute(async (transaction) => {
		await transaction
			.updateTable('devices')
			.set((eb) => ({ ...nothingLinked, state: 'unlinked', owner: null, epoch: eb('epoch', '+', 1) }))
			.where('user_id', '=', userId)
			.execute();
		await deleteSecrets(transaction, userId);
	});
}

/** The same by the holder itself, whose link WhatsApp has ended. Throws `LeaseLost` when it no longer holds it. */
export function forgetDevice(db: Kysely<Tables>, lease: Lease, state: DeviceState): Promise<void> {
	return db.transaction().execute(async (transaction) => {
		await changeDevice(transaction, lease, { ...nothingLinked, state });
		await deleteSecrets(transaction, lease.userId);
	});
}

const nothingLinked = { wanted: false, phone: null, qr: null, qr_expires_at: null };

export type DeviceChange = {
	state: DeviceState;
	phone?: string | null;
	qr?: Buffer | null;
	qr_expires_at?: Date | null;
	wanted?: boolean;
};

/** Writes what the holder of the lease knows of the device. Throws `LeaseLost` when it no longer holds it. */
export async function changeDevice(db: Kysely<Tables>, lease: Lease, change: DeviceChange): Promise<void> {
	const { numUpdatedRows } = await db
		.updateTable('devices')
		.set({ ...change, updated_at: sql<Date>`now()` })
		.where('user_id', '=', lease.userId)
		.where('epoch', '=', lease.epoch)
		.executeTakeFirst();
	if (numUpdatedRows === 0n) throw new LeaseLost(lease);
}

/** Devices that somebody should hold and that none of `liveOwners` holds. */
export function listUnheld(
	db: Kysely<Tables>,
	liveOwners: readonly string[],
): Promise<{ user_id: string; epoch: number; owner: string | null; network: string }[]> {
	return db
		.selectFrom('devices')
		.select(['user_id', 'epoch', 'owner', 'network'])
		.where('wanted', '=', true)
		.where((eb) => eb.or([eb('owner', 'is', null), eb('owner', 'not in', [...liveOwners, ''])]))
		.execute();
}

async function deleteSecrets(db: Kysely<Tables>, userId: string): Promise<void> {
	const tables = ['credentials', 'signal_keys', 'committed_digests', 'group_records', 'lid_phones'] as const;
	for (const table of tables) {
		await db.deleteFrom(table).where('user_id', '=', userId).execute();
	}
}
