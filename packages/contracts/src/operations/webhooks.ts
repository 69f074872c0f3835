import { z } from 'zod';
import { webhookEventTypes } from '../events/catalogue.ts';
import { GroupJid, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';

const at = '2026-11-22T09:00:00.000Z';
const events = z.array(z.enum(webhookEventTypes)).min(1);

const Webhook = z.object({
	id: SubjectToken,
	url: z.url(),
	name: z.string(),
	events,
	groups: z.array(GroupJid).nullable(),
	createdAt: Instant,
	lastDeliveryAt: Instant.nullable(),
});

const example = {
	id: 'whk_1',
	url: 'https://example.com/hooks/whatsapp',
	name: 'Support desk',
	events: ['message.received' as const],
	groups: null,
	createdAt: at,
	lastDeliveryAt: null,
};

/** Answered by the webhook dispatcher. */
export const webhooks = {
	list: operation({
		summary: 'List your registered webhooks: id, URL, name, created time, last delivery.',
		scope: 'webhooks:manage',
		input: z.strictObject({}),
		output: z.object({ webhooks: z.array(Webhook) }),
		example: { input: {}, output: { webhooks: [example] } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
		tool: {
			name: 'list_webhooks',
			title: 'List webhooks',
			readOnly: true,
			destructive: false,
			idempotent: true,
			openWorld: false,
		},
	}),
	add: operation({
		summary: 'Register an endpoint to receive events. The signing secret is in the answer, this once.',
		description: 'Save the secret: it verifies deliveries (Standard Webhooks) and cannot be shown again.',
		scope: 'webhooks:manage',
		input: z.strictObject({
			url: z
				.url({ protocol: /^https?$/ })
				.max(2048)
				.meta({ description: 'Where events are posted, https' }),
			name: z.string().trim().min(1).max(100).default('Webhook'),
			events: events
				.default([...webhookEventTypes])
				.meta({ description: 'The event types wanted; all unless told' }),
			groups: z.array(GroupJid).min(1).max(1000).nullable().default(null).meta({
				description: 'Only events of these groups; null for all',
			}),
		}),
		output: Webhook.extend({ secret: z.string() }),
		example: {
			input: { url: example.url, events: ['message.received'] },
			output: { ...example, secret: 'whsec_example' },
		},
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: false,
		tool: {
			name: 'add_webhook',
			title: 'Add a webhook',
			readOnly: false,
			destructive: false,
			idempotent: false,
			openWorld: true,
		},
	}),
	delete: operation({
		summary: 'Delete a registered webhook by its id.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id: SubjectToken }),
		output: z.object({ id: SubjectToken, deleted: z.literal(true) }),
		example: { input: { id: 'whk_1' }, output: { id: 'whk_1', deleted: true } },
		errors: ['webhook_not_found'],
		timeoutMs: 10_000,
		idempotent: true,
		tool: {
			name: 'delete_webhook',
			title: 'Delete a webhook',
			readOnly: false,
			destructive: true,
			idempotent: true,
			openWorld: false,
			confirm: ({ id }) => `Delete the webhook ${String(id)}: nothing is delivered to it any more.`,
		},
	}),
};
