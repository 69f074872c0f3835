import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type Receipt = {
	userId: string;
	jid: string;
	messageId: string;
	memberJid: string;
	deliveredAt: Date;
	readAt: Date | null;
};

/** The earliest word on each counts, in whatever order they come. Each member may stand in `receipts` once for a message. */
export async function recordReceipts(db: Db, receipts: readonly Receipt[]): Promise<void> {
	const column = <K extends keyof Receipt>(name: K) => receipts.map((receipt) => receipt[name]);
	await sql`
		insert into message_receipts (user_id, jid, message_id, member_jid, delivered_at, read_at)
		select * from unnest(
			${column('userId')}::text[], ${column('jid')}::text[], ${column('messageId')}::text[],
			${column('memberJid')}::text[], ${column('deliveredAt')}::timestamptz[], ${column('readAt')}::timestamptz[]
		) as t (user_id, jid, message_id, member_jid, delivered_at, read_at)
		order by 1, 2, 3, 4
		on conflict (user_id, jid, message_id, member_jid) do update set
			delivered_at = least(message_receipts.delivered_at, excluded.delivered_at),
			read_at = least(message_receipts.read_at, excluded.read_at)`.execute(db);
}

export type ReceiptCount = { message_id: string; delivered: number; read: number };

/** How many members got each of some messages, and how many of them opened it. */
export async function countReceipts(
	db: Db,
	args: { userId: string; jid: string; messageIds: readonly string[] },
): Promise<ReceiptCount[]> {
	const { userId, jid, messageIds } = args;
	if (messageIds.length === 0) return [];
	const { rows } = await sql<ReceiptCount>`
		select message_id, count(*)::int as delivered, count(read_at)::int as read
		from message_receipts
		where user_id = ${userId} and jid = ${jid} and message_id = any(${messageIds})
		group by message_id`.execute(db);
	return rows;
}
