import type { StorageContext } from '../context.ts';
import { type Receipt, recordReceipts } from '../database/queries/message-receipts.ts';
import type { GroupEvent } from './group-event.ts';

/**
 * Who got own messages and who opened them. A receipt may be here before its message is, and for one that is never stored:
 * they go with the group.
 */
export async function recordReceiptEvents(
	{ db }: StorageContext,
	events: readonly GroupEvent<'message.confirmed'>[],
): Promise<void> {
	const receipts = new Map<string, Receipt>();
	for (const { userId, groupJid: jid, data } of events)
		for (const { jid: memberJid, read, at } of data.people) {
			const { messageId } = data;
			const name = `${userId} ${jid} ${messageId} ${memberJid}`;
			const moment = new Date(at);
			const known = receipts.get(name);
			receipts.set(name, {
				userId,
				jid,
				messageId,
				memberJid,
				deliveredAt: earlier(known?.deliveredAt, moment),
				readAt: read ? earlier(known?.readAt, moment) : (known?.readAt ?? null),
			});
		}
	await recordReceipts(db, [...receipts.values()]);
}

function earlier(known: Date | null | undefined, moment: Date): Date {
	return known && known < moment ? known : moment;
}
