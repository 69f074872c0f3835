import { z } from 'zod';

/** What a simulated person can see on their phone: everything that was read and sent, in order. */
export const readSchema = z.object({
	/** `…@g.us`, or for a direct chat the number of the other side. */
	chat: z.string(),
	id: z.string(),
	/** The author's number. */
	author: z.string(),
	authorDeviceId: z.number().int().nonnegative(),
	/** The message that this one answers, reacts to, edits, deletes or votes on. */
	target: z.string().optional(),
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

/** Older entries are forgotten, some at a time. */
const MAX_ENTRIES = 5000;
const FORGOTTEN_AT_ONCE = 500;

/** Writes a message down once: phones know a message by chat, author and id, and show a repeated one only once. */
export function noteRead(notebook: Notebook, message: ReadMessage): void {
	if (hasRead(notebook, message)) return;
	const { read } = indexOf(notebook);
	read.set(message.id, message);
	notebook.read.push(message);
	if (notebook.read.length <= MAX_ENTRIES) return;
	for (const forgotten of notebook.read.splice(0, FORGOTTEN_AT_ONCE)) {
		if (read.get(forgotten.id) === forgotten) read.delete(forgotten.id);
	}
}

export function hasRead(notebook: Notebook, message: Known): boolean {
	const newest = indexOf(notebook).read.get(message.id);
	if (!newest) return false;
	// Two people may use one id. It is rare, so only then the whole notebook is read.
	return isSame(newest, message) || notebook.read.some((one) => isSame(one, message));
}

export function noteSent(notebook: Notebook, message: SentMessage): void {
	const { sent } = indexOf(notebook);
	notebook.sent.push(message);
	sent.set(message.id, message);
	if (notebook.sent.length <= MAX_ENTRIES) return;
	for (const forgotten of notebook.sent.splice(0, FORGOTTEN_AT_ONCE)) {
		if (sent.get(forgotten.id) === forgotten) sent.delete(forgotten.id);
	}
}

/** The newest message with this id that the phone has sent. */
export function findSent(notebook: Notebook, id: string): SentMessage | undefined {
	return indexOf(notebook).sent.get(id);
}

/** Found by id, not by reading the whole notebook for each message. */
function indexOf(notebook: Notebook): Index {
	const existing = indexes.get(notebook);
	if (existing) return existing;
	const made = {
		read: new Map(notebook.read.map((message) => [message.id, message])),
		sent: new Map(notebook.sent.map((message) => [message.id, message])),
	};
	indexes.set(notebook, made);
	return made;
}

function isSame(one: Known, other: Known): boolean {
	return one.id === other.id && one.chat === other.chat && one.author === other.author;
}

const indexes = new WeakMap<Notebook, Index>();

type Known = Pick<ReadMessage, 'chat' | 'author' | 'id'>;
type Index = { readonly read: Map<string, ReadMessage>; readonly sent: Map<string, SentMessage> };
