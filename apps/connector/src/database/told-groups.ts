import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export async function findTold(db: Kysely<Tables>, userId: string, jid: string): Promise<Buffer | undefined> {
	const row = await db
		.selectFrom('told_groups')
		.select('value')
		.where('user_id', '=', userId)
		.where('jid', '=', jid)
		.executeTakeFirst();
	return row?.value;
}

/** What subscribers now know of a group, and that a notice (where it is one) is told. Throws `LeaseLost` when it is lost. */
export async function saveTold(
	db: Kysely<Tables>,
	lease: Lease,
	{ jid, value, noticeId }: { jid: string; value: Buffer; noticeId?: string },
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		told as (
			delete from pending_notices p using held
			where p.user_id = held.user_id and p.jid = ${jid} and p.id = ${noticeId ?? ''}
		)
		insert into told_groups (user_id, jid, value) select user_id, ${jid}, ${value}::bytea from held
		on conflict (user_id, jid) do update set value = excluded.value
		returning jid`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export type PendingNotice = { jid: string; id: string; value: Buffer };

/** Keeps a notice until it is told. Throws `LeaseLost` when the lease is no longer held. */
export async function addPendingNotice(
	db: Kysely<Tables>,
	lease: Lease,
	{ jid, id, value }: PendingNotice,
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		kept as (
			insert into pending_notices (user_id, jid, id, value) select user_id, ${jid}, ${id}, ${value}::bytea from held
			on conflict do nothing
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export async function deletePendingNotice(
	db: Kysely<Tables>,
	lease: Lease,
	{ jid, id }: { jid: string; id: string },
): Promise<void> {
	await sql`
		with held as (${whileHeld(lease)})
		delete from pending_notices p using held
		where p.user_id = held.user_id and p.jid = ${jid} and p.id = ${id}`.execute(db);
}

/** In the order of their arrival. */
export function listPendingNotices(db: Kysely<Tables>, userId: string): Promise<PendingNotice[]> {
	return db
		.selectFrom('pending_notices')
		.select(['jid', 'id', 'value'])
		.where('user_id', '=', userId)
		.orderBy('sequence')
		.execute();
}
