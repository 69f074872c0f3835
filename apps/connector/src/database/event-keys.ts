import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export type SealedEventKey = { keyId: string; value: Buffer };

export async function findEventKey(
	db: Kysely<Tables>,
	userId: string,
	keyId: string,
): Promise<Buffer | undefined> {
	const row = await db
		.selectFrom('event_keys')
		.select('value')
		.where('user_id', '=', userId)
		.where('key_id', '=', keyId)
		.executeTakeFirst();
	return row?.value;
}

/** The key to seal with: the newest of the user, or `fresh`, which is stored if there is none yet. Throws `LeaseLost`. */
export async function currentEventKey(
	db: Kysely<Tables>,
	lease: Lease,
	fresh: SealedEventKey,
): Promise<SealedEventKey> {
	const newest = () =>
		db
			.selectFrom('event_keys')
			.select(['key_id as keyId', 'value'])
			.where('user_id', '=', lease.userId)
			.orderBy('created_at', 'desc')
			.limit(1)
			.executeTakeFirst();
	const known = await newest();
	if (known !== undefined) return known;
	const { rows } = await sql`
		with held as (${whileHeld(lease)})
		insert into event_keys (user_id, key_id, value) select user_id, ${fresh.keyId}, ${fresh.value} from held
		returning key_id`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
	return (await newest()) ?? fresh;
}
