import { z } from 'zod';
import { GroupJid, Instant, SubjectToken, UserId } from './ids.ts';
import type { MessageContent } from './operations/shapes.ts';
import type { Program } from './programs.ts';

/**
 * An event is something that happened, in the past tense. It is published once for each user whom it concerns; its id is
 * stable, so that a repeat is recognised by every consumer.
 */
export type EventSpec<Data extends z.ZodObject = z.ZodObject> = {
	summary: string;
	/** Who publishes it on the bus, where nobody else may; null: it is never there. */
	publisher: Program | readonly Program[] | null;
	/** Whether customers' webhooks may subscribe to it; `on_request`: it is posted when its owner asks for it, to one endpoint. */
	webhook: boolean | 'on_request';
	data: Data;
	/** For data with a sealed `content`: what stands in its place when it is posted to a webhook, and what that is of the content. */
	reveals?: Readonly<Record<string, keyof MessageContent>>;
	example: z.input<Data>;
};

export function event<Data extends z.ZodObject>(spec: EventSpec<Data>): EventSpec<Data> {
	return spec;
}

/** What every event carries, whatever its type. */
export const EventHead = z.object({
	id: SubjectToken,
	type: z.string().regex(/^[a-z]+\.[a-z]+$/),
	/** When it happened; for a message, when it was sent. */
	at: Instant,
	userId: UserId,
	groupJid: GroupJid.optional(),
});
export type EventHead = z.infer<typeof EventHead>;

/**
 * Text that members wrote, encrypted with the user's event key (AES-256-GCM; the event's id is bound to it). Whoever has
 * content rights asks the connectors for the key.
 */
export const Sealed = z.object({ keyId: SubjectToken, data: z.base64() });
export type Sealed = z.infer<typeof Sealed>;
