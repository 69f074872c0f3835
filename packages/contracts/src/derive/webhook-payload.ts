import { z } from 'zod';
import { type EventType, eventSpec, eventTypes } from '../events/catalogue.ts';
import { GroupJid, Instant, SubjectToken } from '../ids.ts';
import { MessageContent } from '../operations/shapes.ts';

/** Every event type that can reach a customer's endpoint. */
export const postedEventTypes = eventTypes.filter((type) => eventSpec(type).webhook !== false) as [
	EventType,
	...EventType[],
];

/**
 * The body that is posted for an event: `{ id, type, timestamp, data }`. `data` is the event's own, with its group; what
 * is sealed on the bus stands in it in clear, null where it is not known (message storage is off, or it was not decrypted).
 */
export function webhookPayload(type: EventType): z.ZodObject {
	const { data, reveals = {}, summary } = eventSpec(type);
	const { content: _sealed, ...open } = data.shape;
	const revealed = Object.entries(reveals).map(([name, field]) => [name, present(field).nullable()]);
	return z
		.object({
			id: SubjectToken.meta({ description: 'The same on every attempt; also in the header webhook-id' }),
			type: z.literal(type),
			timestamp: Instant.meta({ description: 'When it happened' }),
			data: z.object({ ...open, ...Object.fromEntries(revealed), groupJid: GroupJid.nullable() }),
		})
		.meta({ description: summary });
}

/** An example of that body; what is said in it is made up here, for the example of the event holds it sealed. */
export function webhookExample(type: EventType): WebhookExample {
	const { example, reveals = {}, data } = eventSpec(type);
	const { content: _sealed, ...open } = example as Record<string, unknown>;
	const revealed = Object.entries(reveals).map(([name, field]) => [name, said(name)[field] ?? null]);
	const isOfGroup = 'content' in data.shape || /^(message|member|group)\./.test(type);
	return {
		id: 'b6f5c0a1d2e34f56',
		type,
		timestamp: '2026-11-22T09:00:00.000Z',
		data: {
			...open,
			...Object.fromEntries(revealed),
			groupJid: isOfGroup ? '120363025246125486@g.us' : null,
		},
	};
}

function said(name: string): MessageContent {
	return {
		text: name === 'emoji' ? '👍' : 'Is the shop open today?',
		media: null,
		mentions: [],
		replyTo: null,
		options: ['Tuesday'],
	};
}

function present(field: keyof MessageContent): z.ZodType {
	const schema = MessageContent.shape[field];
	return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
}

type WebhookExample = {
	id: string;
	type: EventType;
	timestamp: string;
	data: Record<string, unknown> & { groupJid: string | null };
};
