import type { DeviceReason, DeviceState } from '@chat-manager/contracts';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type Lease, LeaseLost } from './lease.ts';
import type { Announced, LinkMethod, Tables } from './tables.ts';

export type Device = Selectable<Tables['devices']>;

export function findDevice(db: Kysely<Tables>, userId: string): Promise<Device | undefined> {
	return db.selectFrom('devices').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

export type Wanted = { network: string; method: LinkMethod; phone: string | null };

/**
 * Says that a device is wanted: whoever places it takes the lease. An earlier device of the user is forgotten, and an attempt
 * to link that is under way is fenced off: the epoch moves on.
 */
export async function wantDevice(
	db: Kysely<Tables>,
	userId: string,
	{ network, method, phone }: Wanted,
): Promise<void> {
	const fresh = {
		...nothingLinked,
		network,
		link_method: method,
		link_phone: phone,
		state: 'linking' as const,
		reason: null,
		wanted: true,
		owner: null,
	};
	await db.transaction().execute(async (transaction) => {
		await transaction
			.insertInto('devices')
			.values({ user_id: userId, announced: null, announced_at: null, ...fresh })
			.onConflict((conflict) =>
				conflict.column('user_id').doUpdateSet((eb) => ({ ...fresh, epoch: eb('devices.epoch', '+', 1) })),
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
			.set((eb) => ({
				...nothingLinked,
				state: 'unlinked',
				reason: 'unlinked_here',
				owner: null,
				epoch: eb('epoch', '+', 1),
				updated_at: sql<Date>`now()`,
			}))
			.where('user_id', '=', userId)
			.execute();
		await deleteSecrets(transaction, userId);
	});
}

/** The same by the holder itself, whose link has ended. Throws `LeaseLost` when it no longer holds it. */
export function forgetDevice(
	db: Kysely<Tables>,
	lease: Lease,
	ending: { state: DeviceState; reason: DeviceReason | null },
): Promise<void> {
	return db.transaction().execute(async (transaction) => {
		await changeDevice(transaction, lease, { ...nothingLinked, ...ending });
		await deleteSecrets(transaction, lease.userId);
	});
}

/** Nothing is shown to be scanned or typed. */
export const nothingShown = { qr: null, qr_expires_at: null, code: null, code_expires_at: null };
const nothingLinked = { ...nothingShown, wanted: false, phone: null, retry_at: null };

export type DeviceChange = {
	state: DeviceState;
	reason?: DeviceReason | null;
	retry_at?: Date | null;
	phone?: string | null;
	qr?: Buffer | null;
	qr_expires_at?: Date | null;
	code?: Buffer | null;
	code_expires_at?: Date | null;
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

/** What subscribers were last told of a device; `undefined` for a device that the lease no longer holds. */
export function findAnnounced(
	db: Kysely<Tables>,
	{ userId, epoch }: Lease,
): Promise<{ announced: Announced | null; announced_at: Date | null } | undefined> {
	return db
		.selectFrom('devices')
		.select(['announced', 'announced_at'])
		.where('user_id', '=', userId)
		.where('epoch', '=', epoch)
		.executeTakeFirst();
}

/** Devices whose link has ended and of which subscribers were not told: the bus was away. */
export function listUntold(
	db: Kysely<Tables>,
): Promise<Pick<Device, 'user_id' | 'epoch' | 'state' | 'reason' | 'updated_at'>[]> {
	return db
		.selectFrom('devices')
		.select(['user_id', 'epoch', 'state', 'reason', 'updated_at'])
		.where('wanted', '=', false)
		.where('announced', 'in', ['connected', 'away'])
		.limit(1_000)
		.execute();
}

/**
 * Notes what they were told, if what they were told before is still `before`; answers the device as it is then. Who holds it
 * does not matter: it was told, also when the lease was lost meanwhile.
 */
export function noteAnnounced(
	db: Kysely<Tables>,
	userId: string,
	before: { announced: Announced | null; announced_at: Date | null },
	{ announced, at }: { announced: Announced; at: Date },
): Promise<Pick<Device, 'epoch' | 'state' | 'reason' | 'updated_at'> | undefined> {
	return db
		.updateTable('devices')
		.set({ announced, announced_at: at })
		.where('user_id', '=', userId)
		.where('announced', 'is not distinct from', before.announced)
		.where('announced_at', 'is not distinct from', before.announced_at)
		.returning(['epoch', 'state', 'reason', 'updated_at'])
		.executeTakeFirst();
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

/** What is worth nothing without the link, and must not outlive it. */
export const linkTables = [
	'credentials',
	'signal_keys',
	'committed_digests',
	'group_records',
	'lid_phones',
] as const;

async function deleteSecrets(db: Kysely<Tables>, userId: string): Promise<void> {
	for (const table of linkTables) {
		await db.deleteFrom(table).where('user_id', '=', userId).execute();
	}
}
