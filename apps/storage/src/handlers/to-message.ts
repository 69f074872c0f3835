import { type Message, MessageKind } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { StorageContext } from '../context.ts';
import type { MessageRow } from '../database/queries/read-messages.ts';

/** A stored message as it is answered; of a deleted one only that it was there. */
export async function toMessage(
	{ contents }: StorageContext,
	userId: string,
	row: MessageRow,
): Promise<z.input<typeof Message>> {
	const identity = { userId, jid: row.jid, authorJid: row.author_jid, messageId: row.message_id };
	const content =
		row.content === null || row.deleted ? undefined : await contents.open(identity, row.content);
	return {
		id: row.message_id,
		sender: { jid: row.author_jid, name: row.name, phone: row.phone, isYou: row.is_you },
		sentAt: row.sent_at.toISOString(),
		kind: MessageKind.parse(row.kind),
		text: content?.text ?? null,
		replyTo: content?.replyTo ?? null,
		edited: row.edited,
		deleted: row.deleted,
		reactions: [],
		media: content?.media ?? null,
	};
}
