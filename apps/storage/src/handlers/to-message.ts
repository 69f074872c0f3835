import { type Message, MessageKind } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { StorageContext } from '../context.ts';
import type { Choice } from '../database/queries/choices.ts';
import type { MessageRow } from '../database/queries/read-messages.ts';

/** Stored messages as they are answered, with what people chose for them; of a deleted one only that it was there. */
export function toMessages(
	context: StorageContext,
	userId: string,
	rows: readonly MessageRow[],
	choices: readonly Choice[],
): Promise<z.input<typeof Message>[]> {
	return Promise.all(
		rows.map((row) => {
			const own = choices.filter(
				({ message_id, author_jid }) => message_id === row.message_id && author_jid === row.author_jid,
			);
			return toMessage(context, userId, row, own);
		}),
	);
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
