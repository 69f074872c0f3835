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
			// The epoch moves on: who still holds the earlier device is fenced off.
			.onConflict((conflict) =>
				conflict
					.column('user_id')
					.doUpdateSet((eb) => ({ ...fresh, owner: null, epoch: eb('devices.epoch', '+', 1) })),
			)
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

/** A device that somebody should hold, as it stands in the table. */
export type Unheld = { userId: string; epoch: number; owner: string | null; network: string };

/**
 * Devices that somebody should hold and that none of `liveOwners` holds. Every connector asks every few seconds, so this
 * must not grow with the users that are held: it hops over the index from owner to owner (a connector each).
 */
export async function listUnheld(db: Kysely<Tables>, liveOwners: readonly string[]): Promise<Unheld[]> {
	const { rows } = await sql<{ user_id: string; epoch: string; owner: string | null; network: string }>`
		with recursive owners (owner) as (
			(select min(owner) from devices where wanted)
			union all
			select (select min(d.owner) from devices d where d.wanted and d.owner > owners.owner)
			from owners where owners.owner is not null
		),
		unheld as (
			select d.user_id, d.epoch, d.owner, d.network
			from owners join devices d on d.owner = owners.owner
			where d.wanted and not (d.owner = any(${sql.val(liveOwners)}::text[]))
			union all
			select user_id, epoch, owner, network from devices where wanted and owner is null
		)
		select * from unheld`.execute(db);
	return rows.map(({ user_id, epoch, owner, network }) => ({
		userId: user_id,
		epoch: Number(epoch),
		owner,
		network,
	}));
}

/** Of these leases those that are lost: somebody else took the user, or the device is no longer wanted. */
export async function findLost(db: Kysely<Tables>, leases: readonly Lease[]): Promise<string[]> {
	if (leases.length === 0) return [];
	const { rows } = await sql<{ user_id: string }>`
		select held.user_id
		from unnest(
			${sql.val(leases.map(({ userId }) => userId))}::text[], ${sql.val(leases.map(({ epoch }) => epoch))}::bigint[]
		) as held (user_id, epoch)
		left join devices d on d.user_id = held.user_id and d.epoch = held.epoch and d.wanted
		where d.user_id is null`.execute(db);
	return rows.map(({ user_id }) => user_id);
}

async function deleteSecrets(db: Kysely<Tables>, userId: string): Promise<void> {
	const tables = ['credentials', 'signal_keys', 'committed_digests', 'group_records', 'lid_phones'] as const;
	for (const table of tables) {
		await db.deleteFrom(table).where('user_id', '=', userId).execute();
	}
}
