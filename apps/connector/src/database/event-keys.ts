import type { Kysely } from 'kysely';
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

/** The key to seal with: the newest of the user, or `fresh`, which is stored if there is none yet. */
export async function currentEventKey(
	db: Kysely<Tables>,
	userId: string,
	fresh: SealedEventKey,
): Promise<SealedEventKey> {
	const newest = () =>
		db
			.selectFrom('event_keys')
			.select(['key_id as keyId', 'value'])
			.where('user_id', '=', userId)
			.orderBy('created_at', 'desc')
			.limit(1)
			.executeTakeFirst();
	const known = await newest();
	if (known !== undefined) return known;
	await db
		.insertInto('event_keys')
		.values({ user_id: userId, key_id: fresh.keyId, value: fresh.value })
		.execute();
	return (await newest()) ?? fresh;
}
