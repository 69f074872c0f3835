import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export type PollKey = { chatJid: string; authorJid: string; messageId: string };

/** Keeps what is needed to read the votes of a poll. Throws `LeaseLost` when the lease is no longer held. */
export async function savePoll(
	db: Kysely<Tables>,
	lease: Lease,
	{ chatJid, authorJid, messageId, value }: PollKey & { value: Buffer },
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		kept as (
			insert into polls (user_id, chat_jid, author_jid, message_id, value)
			select user_id, ${chatJid}, ${authorJid}, ${messageId}, ${value}::bytea from held
			on conflict do nothing
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export async function findPoll(
	db: Kysely<Tables>,
	userId: string,
	{ chatJid, authorJid, messageId }: PollKey,
): Promise<Buffer | undefined> {
	const row = await db
		.selectFrom('polls')
		.select('value')
		.where('user_id', '=', userId)
		.where('chat_jid', '=', chatJid)
		.where('author_jid', '=', authorJid)
		.where('message_id', '=', messageId)
		.executeTakeFirst();
	return row?.value;
}
