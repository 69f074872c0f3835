import { createHash } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import type { Clock, Logger, Timer } from '@chat-manager/service';
import type { Publish } from '../context.ts';
import type { GroupReceipt } from '../whatsapp/read-receipt.ts';

/**
 * Tells what members' devices confirm of own messages. A message to a large group brings hundreds of receipts at once: they are
 * gathered for a moment and told by message. They wait while the bus is away, the oldest going first when there are too
 * many. WhatsApp is answered meanwhile: a crash in that moment loses a count, never a message.
 */
export function createReceiptCollector(options: {
	userId: string;
	publish: Publish;
	clock: Clock;
	logger: Logger;
}): { add(receipts: readonly GroupReceipt[]): void; close(): Promise<void> } {
	const { userId, publish, clock, logger } = options;
	let waiting: GroupReceipt[] = [];
	let timer: Timer | undefined;
	let last: Promise<void> = Promise.resolve();

	function schedule(afterMs: number): void {
		timer ??= clock.setTimeout(() => {
			timer = undefined;
			last = last.then(flush);
		}, afterMs);
	}

	async function flush(): Promise<void> {
		const batch = waiting;
		waiting = [];
		try {
			await Promise.all(toEvents(userId, batch).map(publish));
		} catch (err) {
			logger.warn({ err, receipts: batch.length }, 'receipts are not told yet');
			waiting = [...batch, ...waiting].slice(-maxWaiting);
			schedule(retryMs);
		}
	}

	return {
		add(receipts) {
			waiting = [...waiting, ...receipts].slice(-maxWaiting);
			schedule(gatherMs);
		},
		async close() {
			if (timer !== undefined) clock.clearTimeout(timer);
			await last;
			if (waiting.length > 0) await flush();
			if (timer !== undefined) clock.clearTimeout(timer);
		},
	};
}

const gatherMs = 250;
const retryMs = 5_000;
const maxWaiting = 20_000;
const maxPeople = 1_000;

function toEvents(userId: string, receipts: readonly GroupReceipt[]): BusEvent<'message.confirmed'>[] {
	const byMessage = new Map<string, GroupReceipt[]>();
	for (const receipt of receipts) {
		const message = `${receipt.chatJid} ${receipt.messageId}`;
		const known = byMessage.get(message);
		if (known === undefined) byMessage.set(message, [receipt]);
		else known.push(receipt);
	}
	return [...byMessage.values()].flatMap((all) =>
		Array.from({ length: Math.ceil(all.length / maxPeople) }, (_, index) =>
			toEvent(userId, all.slice(index * maxPeople, (index + 1) * maxPeople)),
		).flatMap((event) => event ?? []),
	);
}

function toEvent(
	userId: string,
	receipts: readonly GroupReceipt[],
): BusEvent<'message.confirmed'> | undefined {
	const [first] = receipts;
	if (first === undefined) return undefined;
	const { chatJid: groupJid, messageId } = first;
	const people = receipts.map(({ memberJid, read, at }) => ({
		jid: memberJid,
		read,
		at: new Date(at).toISOString(),
	}));
	const parts = [userId, groupJid, messageId, 'receipts', JSON.stringify(people)];
	return {
		id: createHash('sha256').update(parts.join('\n')).digest('base64url'),
		type: 'message.confirmed',
		at: new Date(Math.max(...receipts.map(({ at }) => at))).toISOString(),
		userId,
		groupJid,
		data: { messageId, people },
	};
}
