import { z } from 'zod';
import { postedEventTypes } from '../derive/webhook-payload.ts';
import { Cursor, GroupJid, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';

const webhookId = SubjectToken.meta({ description: 'Id of the webhook' });
const at = '2026-11-22T09:00:00.000Z';

/**
 * `pending`: waits for its first or next attempt. `held`: the webhook is paused. `delivered`: accepted with 2xx. `given_up`:
 * every attempt failed. `cancelled`: not tried, or not any more, because the webhook was disabled.
 */
const DeliveryState = z.enum(['pending', 'held', 'delivered', 'given_up', 'cancelled']);

const Delivery = z.object({
	id: SubjectToken,
	webhookId,
	eventId: SubjectToken,
	type: z.enum(postedEventTypes),
	groupJid: GroupJid.nullable(),
	happenedAt: Instant,
	createdAt: Instant.meta({
		description: 'When it came up to be posted; later than happenedAt for what was missed',
	}),
	state: DeliveryState,
	attempts: z.number().int().nonnegative(),
	nextAttemptAt: Instant.nullable(),
	finishedAt: Instant.nullable(),
});

/** Why an attempt failed. */
export const DeliveryFault = z.enum([
	'address_refused',
	'name_not_found',
	'connection_refused',
	'connection_failed',
	'tls_failed',
	'timed_out',
	'bad_answer',
	'redirected',
	'gone',
	'http_error',
	'internal',
]);
export type DeliveryFault = z.infer<typeof DeliveryFault>;

const Attempt = z.object({
	number: z.number().int().positive(),
	at: Instant,
	latencyMs: z.number().int().nonnegative(),
	status: z.number().int().nullable().meta({ description: 'HTTP status; null when no answer came' }),
	// A text: another version may know faults that this one does not.
	fault: z.string().nullable().meta({ description: 'What went wrong; null when it was accepted' }),
	answer: z.string().nullable().meta({ description: 'The first kilobyte of what the endpoint answered' }),
});

const example = {
	id: '17',
	webhookId: 'whk_1',
	eventId: 'b6f5c0a1d2e34f56',
	type: 'message.received' as const,
	groupJid: '120363025246125486@g.us',
	happenedAt: at,
	createdAt: at,
	state: 'delivered' as const,
	attempts: 1,
	nextAttemptAt: null,
	finishedAt: at,
};

/** Answered by the webhook dispatcher: its ledger, which goes back 30 days unless the operator set otherwise. */
export const deliveries = {
	list: operation({
		summary: 'List the deliveries of a webhook, newest first.',
		scope: 'webhooks:manage',
		input: z.strictObject({
			webhookId,
			state: DeliveryState.optional(),
			limit: z.number().int().min(1).max(100).default(50),
			cursor: Cursor.optional(),
		}),
		output: z.object({ deliveries: z.array(Delivery), nextCursor: Cursor.nullable() }),
		example: { input: { webhookId: 'whk_1' }, output: { deliveries: [example], nextCursor: null } },
		errors: ['webhook_not_found'],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	get: operation({
		summary: 'Get one delivery with its body and every attempt.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id: SubjectToken }),
		output: Delivery.extend({
			body: z.string().meta({ description: 'What is posted, to the byte' }),
			log: z.array(Attempt),
		}),
		example: {
			input: { id: '17' },
			output: {
				...example,
				body: '{"id":"b6f5c0a1d2e34f56","type":"message.received"}',
				log: [{ number: 1, at, latencyMs: 84, status: 200, fault: null, answer: 'ok' }],
			},
		},
		errors: ['delivery_not_found'],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	resend: operation({
		summary: 'Post one delivery again, whatever became of it, with the same id and the same body.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id: SubjectToken }),
		output: Delivery,
		example: { input: { id: '17' }, output: { ...example, state: 'pending', nextAttemptAt: at } },
		errors: ['delivery_not_found', 'webhook_not_active'],
		timeoutMs: 10_000,
		idempotent: false,
		changes: 'deliveries',
	}),
	replay: operation({
		summary: 'Post again what a webhook missed since a time, or all that happened in a time range.',
		scope: 'webhooks:manage',
		input: z.strictObject({
			webhookId,
			since: Instant.meta({ description: 'What came up to be posted at this moment or later' }),
			until: Instant.optional().meta({ description: 'What came up before this moment; now unless told' }),
			only: z.enum(['missed', 'all']).default('missed').meta({
				description:
					'missed: what was not accepted, be it given up, waiting for another attempt, or cancelled while the webhook was disabled',
			}),
		}),
		output: z.object({ webhookId, count: z.number().int().nonnegative() }),
		example: { input: { webhookId: 'whk_1', since: at }, output: { webhookId: 'whk_1', count: 40 } },
		errors: ['webhook_not_found', 'webhook_not_active'],
		timeoutMs: 30_000,
		idempotent: false,
		changes: 'deliveries',
	}),
};
