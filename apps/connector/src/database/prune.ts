import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

const hourMs = 3_600_000;
/** How long a caller may repeat with the same key. */
const idempotencyMs = 24 * hourMs;
/** How long a recipient's device may ask for a message again: it can have been off for two weeks. */
const resendMs = 14 * 24 * hourMs;
/** How long WhatsApp may deliver a message again; it keeps what was not received for about a month. */
const redeliveryMs = 35 * 24 * hourMs;
/** How long a message that could not be read is asked for: as long as a phone answers, after Baileys' own measure. */
const unreadMs = 14 * 24 * hourMs;
/** How long votes in a poll are read. */
const pollMs = 90 * 24 * hourMs;

/**
 * Deletes what is past its time, of all users: the one kind of query that is for no one user.
 */
export async function prune(db: Kysely<Tables>, now: number): Promise<void> {
	const before = (ageMs: number) => new Date(now - ageMs);
	await db
		.updateTable('outbox')
		.set({ idempotency_key: null, result: null })
		.where('created_at', '<', before(idempotencyMs))
		.where('idempotency_key', 'is not', null)
		.execute();
	await db.deleteFrom('outbox').where('created_at', '<', before(resendMs)).execute();
	await sql`delete from committed_digests where committed_at < ${before(redeliveryMs)}`.execute(db);
	// No longer starred: nothing more is known of it.
	await sql`
		delete from group_records where not exists (
			select from starred_groups s
			where s.user_id = group_records.user_id and s.jid = group_records.jid and s.starred
		)`.execute(db);
	await sql`
		delete from told_groups where not exists (
			select from starred_groups s
			where s.user_id = told_groups.user_id and s.jid = told_groups.jid and s.starred
		)`.execute(db);
	await db.deleteFrom('unread_messages').where('noted_at', '<', before(unreadMs)).execute();
	await db.deleteFrom('polls').where('kept_at', '<', before(pollMs)).execute();
}
