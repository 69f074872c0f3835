import { z } from 'zod';
import { EventHead } from '../event.ts';
import { type EventType, eventSpec, eventTypes } from '../events/catalogue.ts';
import { eventSubject } from '../subjects.ts';
import { jsonSchema } from './schema.ts';
import { postedEventTypes, webhookExample, webhookPayload } from './webhook-payload.ts';

/** A document of AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
export type AsyncApi = Record<string, unknown>;

const SignedHeaders = z.object({
	'webhook-id': z.string().meta({ description: 'The id of the event' }),
	'webhook-timestamp': z.string().meta({ description: 'When this attempt was made, seconds since 1970' }),
	'webhook-signature': z
		.string()
		.meta({ description: 'v1,… ; two of them for a day after a rotation of the secret' }),
});

/** What is posted to customers' webhooks. */
export const webhooksAsyncApi: AsyncApi = document({
	title: 'Chat Manager webhooks',
	description:
		'What is posted to the endpoints that people register. Every request is signed as Standard Webhooks asks for: the headers webhook-id, webhook-timestamp and webhook-signature. The id is the same on every attempt, so a repeat is recognised by it.',
	defaultContentType: 'application/json',
	channels: {
		webhook: {
			address: null,
			description: 'The URL of the endpoint, by POST.',
			messages: messagesOf(postedEventTypes, (type) => ({
				payload: jsonSchema(webhookPayload(type), 'output'),
				headers: jsonSchema(SignedHeaders, 'output'),
				examples: [{ payload: webhookExample(type) }],
			})),
		},
	},
	operations: { deliver: { action: 'send', channel: { $ref: '#/channels/webhook' } } },
});

/** What is on the bus; a test of a webhook goes to that webhook alone. */
const publishedTypes = eventTypes.filter((type) => eventSpec(type).publisher !== null);

/** What services publish on the bus, one channel an event type, for internal subscribers. */
export const eventsAsyncApi: AsyncApi = document({
	title: 'Chat Manager events',
	description:
		'What services publish on NATS (JetStream stream EVENTS), once for each user whom it concerns. Consumers are idempotent by the id, which is also the Nats-Msg-Id. What members wrote is sealed with a key of the user: services with content rights ask for it. A subscriber has a NATS user that may read one kind of event and nothing else (`npm run subscriber-permissions`); examples/event-subscriber is one.',
	defaultContentType: 'application/json',
	channels: Object.fromEntries(
		publishedTypes.map((type) => [
			type,
			{
				address: eventSubject('USER', type).replace('USER', '{userId}'),
				parameters: { userId: { description: 'Whom it concerns' } },
				messages: messagesOf([type], () => ({
					payload: jsonSchema(busEvent(type), 'output'),
					examples: [{ payload: busExample(type) }],
				})),
			},
		]),
	),
	operations: Object.fromEntries(
		publishedTypes.map((type) => [
			`publish.${type}`,
			{ action: 'send', channel: { $ref: `#/channels/${type}` } },
		]),
	),
});

function busEvent(type: EventType): z.ZodObject {
	return EventHead.extend({ type: z.literal(type), data: eventSpec(type).data });
}

function busExample(type: EventType): object {
	const { id, timestamp: at, data } = webhookExample(type);
	const group = data.groupJid === null ? {} : { groupJid: data.groupJid };
	return { id, type, at, userId: 'u1', ...group, data: eventSpec(type).example };
}

function messagesOf<T extends EventType>(types: readonly T[], message: (type: T) => object) {
	return Object.fromEntries(
		types.map((type) => [type, { name: type, summary: eventSpec(type).summary, ...message(type) }]),
	);
}

function document({
	title,
	description,
	...rest
}: { title: string; description: string } & Record<string, unknown>): AsyncApi {
	return { asyncapi: '3.0.0', info: { title, version: '1', description }, ...rest };
}
