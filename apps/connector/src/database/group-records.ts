import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export async function findGroupRecord(
	db: Kysely<Tables>,
	userId: string,
	jid: string,
): Promise<Buffer | undefined> {
	const row = await db
		.selectFrom('group_records')
		.select('value')
		.where('user_id', '=', userId)
		.where('jid', '=', jid)
		.executeTakeFirst();
	return row?.value;
}

/** Throws `LeaseLost` when the lease is no longer held. */
export async function saveGroupRecord(
	db: Kysely<Tables>,
	lease: Lease,
	{ jid, value, readAt }: { jid: string; value: Buffer; readAt: Date },
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)})
		insert into group_records (user_id, jid, value, read_at) select user_id, ${jid}, ${value}, ${readAt} from held
		on conflict (user_id, jid) do update set value = excluded.value, read_at = excluded.read_at
		returning jid`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}
