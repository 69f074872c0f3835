import { z } from 'zod';

/** What a simulated person can see on their phone: everything that was read and sent, in order. */
export const readSchema = z.object({
	/** `…@g.us`, or for a direct chat the number of the other side. */
	chat: z.string(),
	id: z.string(),
	/** The author's number. */
	author: z.string(),
	authorDeviceId: z.number().int().nonnegative(),
	/** The text, or nothing for a message of another kind. */
	text: z.string().optional(),
	/** The field of WhatsApp's `Message` that is set, `conversation` for example. */
	kind: z.string(),
	sentAtMs: z.number(),
	/** The decrypted `Message` protobuf, base64. */
	message: z.base64(),
});

export const receiptSchema = z.object({
	phone: z.string(),
	deviceId: z.number().int().nonnegative(),
	type: z.enum(['delivered', 'inactive', 'read', 'played']),
	atMs: z.number(),
});

const sentSchema = z.object({
	chat: z.string(),
	id: z.string(),
	message: z.base64(),
	receipts: z.array(receiptSchema),
});

export const notebookSchema = z.object({
	phone: z.string(),
	read: z.array(readSchema),
	sent: z.array(sentSchema),
});

export type ReadMessage = z.infer<typeof readSchema>;
export type SentMessage = z.infer<typeof sentSchema>;
export type MessageReceipt = z.infer<typeof receiptSchema>;
export type Notebook = z.infer<typeof notebookSchema>;

/** Older entries are forgotten. */
const MAX_ENTRIES = 5000;

/** Writes a message down once: phones know a message by chat, author and id, and show a repeated one only once. */
export function noteRead(notebook: Notebook, message: ReadMessage): void {
	if (hasRead(notebook, message)) return;
	notebook.read.push(message);
	if (notebook.read.length > MAX_ENTRIES) notebook.read.shift();
}

export function hasRead(notebook: Notebook, message: Pick<ReadMessage, 'chat' | 'author' | 'id'>): boolean {
	return notebook.read.some(
		({ chat, author, id }) => id === message.id && chat === message.chat && author === message.author,
	);
}

export function noteSent(notebook: Notebook, message: SentMessage): void {
	notebook.sent.push(message);
	if (notebook.sent.length > MAX_ENTRIES) notebook.sent.shift();
}
