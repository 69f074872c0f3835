import { type Kysely, sql } from 'kysely';
import { type Lease, LeaseLost, whileHeld } from './lease.ts';
import type { Tables } from './tables.ts';

export type UnreadKey = { chatJid: string; messageId: string };

/** Notes a message that could not be read; one that is noted stays as it is. Throws `LeaseLost` when the lease is no longer held. */
export async function saveUnread(
	db: Kysely<Tables>,
	lease: Lease,
	{ chatJid, messageId, value }: UnreadKey & { value: Buffer },
): Promise<void> {
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		noted as (
			insert into unread_messages (user_id, chat_jid, message_id, value)
			select user_id, ${chatJid}, ${messageId}, ${value}::bytea from held
			on conflict do nothing
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export async function deleteUnread(
	db: Kysely<Tables>,
	lease: Lease,
	{ chatJid, messageId }: UnreadKey,
): Promise<void> {
	await sql`
		with held as (${whileHeld(lease)})
		delete from unread_messages u using held
		where u.user_id = held.user_id and u.chat_jid = ${chatJid} and u.message_id = ${messageId}`.execute(db);
}

/** Counts that the own phone is asked for these now. Throws `LeaseLost` when the lease is no longer held. */
export async function noteAsked(db: Kysely<Tables>, lease: Lease, keys: readonly UnreadKey[]): Promise<void> {
	const chats = sql.val(keys.map(({ chatJid }) => chatJid));
	const messages = sql.val(keys.map(({ messageId }) => messageId));
	const { rows } = await sql`
		with held as (${whileHeld(lease)}),
		counted as (
			update unread_messages u set times_asked = u.times_asked + 1
			from held, unnest(${chats}::text[], ${messages}::text[]) as asked (chat_jid, message_id)
			where u.user_id = held.user_id and u.chat_jid = asked.chat_jid and u.message_id = asked.message_id
		)
		select user_id from held`.execute(db);
	if (rows.length === 0) throw new LeaseLost(lease);
}

export type UnreadRow = UnreadKey & { value: Buffer; timesAsked: number };

/** Oldest first. */
export async function listUnread(db: Kysely<Tables>, userId: string): Promise<UnreadRow[]> {
	const rows = await db
		.selectFrom('unread_messages')
		.select(['chat_jid', 'message_id', 'value', 'times_asked'])
		.where('user_id', '=', userId)
		.orderBy('noted_at')
		.execute();
	return rows.map(({ chat_jid, message_id, value, times_asked }) => ({
		chatJid: chat_jid,
		messageId: message_id,
		value,
		timesAsked: times_asked,
	}));
}
