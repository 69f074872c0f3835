import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** How long things are kept, where the operator decides it. */
export type Keeping = {
	/** How long a caller may repeat with the same key. */
	idempotencyMs: number;
	/** How long a recipient's device may ask for a message again. */
	outboxMs: number;
};

const dayMs = 24 * 3_600_000;
/** How long WhatsApp may deliver a message again; it keeps what was not received for about a month. */
const redeliveryMs = 35 * dayMs;
/** How long a message that could not be read is asked for: as long as a phone answers, after Baileys' own measure. */
const unreadMs = 14 * dayMs;
/** How long votes in a poll are read. */
const pollMs = 90 * dayMs;
const maxRows = 5_000;

/**
 * Deletes what is past its time, of all users: the one kind of query that is for no one user. Some rows at a time, so that
 * nobody waits for it long.
 */
export async function prune(db: Kysely<Tables>, now: number, keeping: Keeping): Promise<void> {
	const before = (ageMs: number) => new Date(now - ageMs);
	await inBatches(
		(limit) => sql`
			update outbox set idempotency_key = null, result = null
			where ctid = any(array(
				select ctid from outbox
				where created_at < ${before(keeping.idempotencyMs)} and idempotency_key is not null ${limit}
			)) and idempotency_key is not null`,
	);
	await remove('outbox', sql`created_at < ${before(keeping.outboxMs)}`);
	await remove('committed_digests', sql`committed_at < ${before(redeliveryMs)}`);
	// No longer starred: nothing more is known of it.
	await remove('group_records', isUnstarred('group_records'));
	await remove('told_groups', isUnstarred('told_groups'));
	await remove('unread_messages', sql`noted_at < ${before(unreadMs)}`);
	await remove('polls', sql`kept_at < ${before(pollMs)}`);

	function remove(table: keyof Tables, condition: RawBuilder<unknown>): Promise<void> {
		const name = sql.table(table);
		return inBatches(
			(limit) => sql`
				delete from ${name} where ctid = any(array(select ctid from ${name} where ${condition} ${limit}))
				and ${condition}`,
		);
	}

	async function inBatches(statement: (limit: RawBuilder<unknown>) => RawBuilder<unknown>): Promise<void> {
		for (let rows = maxRows; rows === maxRows; ) {
			const { numAffectedRows = 0n } = await statement(sql`limit ${maxRows}`).execute(db);
			rows = Number(numAffectedRows);
		}
	}
}

function isUnstarred(table: 'group_records' | 'told_groups') {
	return sql`not exists (
		select from starred_groups s
		where s.user_id = ${sql.ref(table)}.user_id and s.jid = ${sql.ref(table)}.jid and s.starred
	)`;
}
