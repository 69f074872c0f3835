import { type Message, MessageKind } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { StorageContext } from '../context.ts';
import { type Choice, listChoices } from '../database/queries/choices.ts';
import { countReceipts, type ReceiptCount } from '../database/queries/message-receipts.ts';
import type { MessageRow } from '../database/queries/read-messages.ts';

/** Stored messages as they are answered, with what people did with them; of a deleted one only that it was there. */
export function toMessages(
	context: StorageContext,
	userId: string,
	rows: readonly MessageRow[],
	{ choices, receipts }: Around,
): Promise<z.input<typeof Message>[]> {
	return Promise.all(
		rows.map(async (row) => {
			const own = choices.filter(
				({ message_id, author_jid }) => message_id === row.message_id && author_jid === row.author_jid,
			);
			const message = await toMessage(context, userId, row, own);
			if (!row.is_you || row.deleted) return message;
			const known = receipts.find(({ message_id }) => message_id === row.message_id);
			return { ...message, delivery: { delivered: known?.delivered ?? 0, read: known?.read ?? 0 } };
		}),
	);
}

/** What others did with messages: what they chose for them, and that they got and opened them. */
export type Around = { choices: readonly Choice[]; receipts: readonly ReceiptCount[] };

export async function findAround(
	{ db }: StorageContext,
	{ userId, jid, rows }: { userId: string; jid: string; rows: readonly MessageRow[] },
): Promise<Around> {
	const messageIds = rows.filter((row) => row.is_you).map((row) => row.message_id);
	const [choices, receipts] = await Promise.all([
		listChoices(db, { userId, jid, messages: rows.filter(({ chosen }) => chosen) }),
		countReceipts(db, { userId, jid, messageIds }),
	]);
	return { choices, receipts };
}

async function toMessage(
	context: StorageContext,
	userId: string,
	row: MessageRow,
	choices: readonly Choice[],
): Promise<z.input<typeof Message>> {
	const identity = { userId, jid: row.jid, authorJid: row.author_jid, messageId: row.message_id };
	const content =
		row.content === null || row.deleted ? undefined : await context.contents.open(identity, row.content);
	const named = await Promise.all(
		choices.map(async ({ kind, tag, count, by_jid: byJid, content: sealed }) => {
			const texts = await context.contents.openChoices({ ...identity, kind, byJid }, sealed);
			const tags = await context.digests.ofChoices(identity, texts);
			return { kind, text: texts[tags.indexOf(tag)] ?? '', count };
		}),
	);
	const of = (kind: Choice['kind']) => named.filter((choice) => choice.kind === kind);
	return {
		id: row.message_id,
		sender: { jid: row.author_jid, name: row.name, phone: row.phone, isYou: row.is_you },
		sentAt: row.sent_at.toISOString(),
		kind: MessageKind.parse(row.kind),
		text: content?.text ?? null,
		replyTo: content?.replyTo ?? null,
		edited: row.edited,
		deleted: row.deleted,
		reactions: of('reaction').map(({ text, count }) => ({ emoji: text, count })),
		media: content?.media ?? null,
		...(row.kind === 'poll' && !row.deleted
			? { votes: of('vote').map(({ text, count }) => ({ option: text, count })) }
			: {}),
	};
}
