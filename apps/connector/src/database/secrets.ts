import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export type SealedKey = { kind: string; id: string; value: Buffer };

export async function findCredentials(db: Kysely<Tables>, userId: string): Promise<Buffer | undefined> {
	const row = await db
		.selectFrom('credentials')
		.select('value')
		.where('user_id', '=', userId)
		.executeTakeFirst();
	return row?.value;
}

/** Throws `LeaseLost` when the lease is no longer held. */
export async function saveCredentials(db: Kysely<Tables>, lease: Lease, value: Buffer): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)})
		insert into credentials (user_id, value) select user_id, ${value} from held
		on conflict (user_id) do update set value = excluded.value
		returning user_id`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export function findKeys(
	db: Kysely<Tables>,
	{ userId, kind, ids }: { userId: string; kind: string; ids: readonly string[] },
): Promise<{ id: string; value: Buffer }[]> {
	return db
		.selectFrom('signal_keys')
		.select(['id', 'value'])
		.where('user_id', '=', userId)
		.where('kind', '=', kind)
		.where('id', 'in', ids.length === 0 ? [''] : ids)
		.execute();
}

/** All changes of one key transaction in one statement, or none. Throws `LeaseLost` when the lease is no longer held. */
export async function writeKeys(
	db: Kysely<Tables>,
	lease: Lease,
	{ put, remove, digests }: { put: SealedKey[]; remove: { kind: string; id: string }[]; digests: string[] },
): Promise<void> {
	const column = <T, K extends keyof T>(rows: readonly T[], key: K) => sql.val(rows.map((row) => row[key]));
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		removed as (
			delete from signal_keys k
			using held, unnest(${column(remove, 'kind')}::text[], ${column(remove, 'id')}::text[]) as gone (kind, id)
			where k.user_id = held.user_id and k.kind = gone.kind and k.id = gone.id
		),
		written as (
			insert into signal_keys (user_id, kind, id, value)
			select held.user_id, new.kind, new.id, new.value
			from held, unnest(
				${column(put, 'kind')}::text[], ${column(put, 'id')}::text[], ${column(put, 'value')}::bytea[]
			) as new (kind, id, value)
			on conflict (user_id, kind, id) do update set value = excluded.value
		),
		noted as (
			insert into committed_digests (user_id, digest)
			select held.user_id, digest from held, unnest(${sql.val(digests)}::text[]) as digest
			on conflict do nothing
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export async function hasDigest(db: Kysely<Tables>, userId: string, digest: string): Promise<boolean> {
	const row = await db
		.selectFrom('committed_digests')
		.select('digest')
		.where('user_id', '=', userId)
		.where('digest', '=', digest)
		.executeTakeFirst();
	return row !== undefined;
}
