import { type Kysely, sql } from 'kysely';
import { type Lease, whileHeld } from './lease.ts';
import type { PairSource, Tables } from './tables.ts';

/** A person's hidden id (a jid) and phone number (`+…`). */
export type LidPhone = { lid: string; phone: string };

/** The pairs that name one of these hidden ids or phones. A number can have moved to another person: the newest is first. */
export async function findLidPhones(
	db: Kysely<Tables>,
	userId: string,
	{ lids, phones }: { lids: readonly string[]; phones: readonly string[] },
): Promise<LidPhone[]> {
	if (lids.length + phones.length === 0) return [];
	return db
		.selectFrom('lid_phones')
		.select(['lid', 'phone'])
		.where('user_id', '=', userId)
		.where((eb) => eb.or([eb('lid', 'in', [...lids, '']), eb('phone', 'in', [...phones, ''])]))
		.orderBy('seen_at', 'desc')
		.execute();
}

/** All pairs of a user, in the order of the hidden ids. */
export async function listPhones(
	db: Kysely<Tables>,
	{ userId, after, limit }: { userId: string; after: string; limit: number },
): Promise<(LidPhone & { seenAt: Date })[]> {
	return db
		.selectFrom('lid_phones')
		.select(['lid', 'phone', 'seen_at as seenAt'])
		.where('user_id', '=', userId)
		.where('lid', '>', after)
		.orderBy('lid')
		.limit(limit)
		.execute();
}

export async function countPhones(db: Kysely<Tables>, userId: string): Promise<number> {
	const { count } = await db
		.selectFrom('lid_phones')
		.select((eb) => eb.fn.countAll<string>().as('count'))
		.where('user_id', '=', userId)
		.executeTakeFirstOrThrow();
	return Number(count);
}

/** The newest word on a person wins. What is known already is confirmed once a day, so that a look at a group writes little. */
export async function saveLidPhones(
	db: Kysely<Tables>,
	lease: Lease,
	{ pairs, source, at }: { pairs: readonly LidPhone[]; source: PairSource; at: Date },
): Promise<void> {
	const phones = new Map(pairs.map(({ lid, phone }) => [lid, phone]));
	if (phones.size === 0) return;
	await sql`
		with held as (${whileHeld(lease)})
		insert into lid_phones (user_id, lid, phone, source, seen_at)
		select held.user_id, pair.lid, pair.phone, ${source}, ${at}
		from held, unnest(
			${sql.val([...phones.keys()])}::text[], ${sql.val([...phones.values()])}::text[]
		) as pair (lid, phone)
		on conflict (user_id, lid) do update
		set phone = excluded.phone, source = excluded.source, seen_at = excluded.seen_at
		where lid_phones.seen_at <= excluded.seen_at
		and (lid_phones.phone <> excluded.phone or lid_phones.seen_at < excluded.seen_at - interval '1 day')`.execute(
		db,
	);
}
