import type { Vault } from '@chat-manager/backend';
import { z } from 'zod';

type Column = keyof typeof suffixes;

/**
 * What is kept of a message until it is recorded. `sentAt`: WhatsApp's time for it, milliseconds since the epoch; null while
 * nobody knows whether it was sent.
 */
export const Unrecorded = z.object({ chatJid: z.string(), sentAt: z.number().nullable() });
export type Unrecorded = z.infer<typeof Unrecorded>;

/** Seals what an entry of the outbox holds, each column in a place of its own, so that none can be taken for another. */
export function createOutboxSeals(vault: Vault, userId: string) {
	const place = (messageId: string, column: Column) => ({
		userId,
		row: `outbox/${messageId}${suffixes[column]}`,
	});
	return {
		seal: (messageId: string, column: Column, value: object): Promise<Buffer> =>
			vault.seal(place(messageId, column), JSON.stringify(value)),
		sealBytes: (messageId: string, column: Column, value: Uint8Array): Promise<Buffer> =>
			vault.seal(place(messageId, column), value),
		open: (messageId: string, column: Column, sealed: Buffer): Promise<Buffer> =>
			vault.open(place(messageId, column), sealed),
	};
}

const suffixes = { content: '', result: '/result', unrecorded: '/unrecorded' };
