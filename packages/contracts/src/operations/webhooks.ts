import { z } from 'zod';
import { webhookEventTypes } from '../events/catalogue.ts';
import { GroupJid, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';
import { webhookActions } from './webhook-actions.ts';
import { exampleWebhook, Webhook } from './webhook-shapes.ts';

const id = SubjectToken.meta({ description: 'Id of the webhook, as list_webhooks shows it' });
const url = z
	.url({ protocol: /^https?$/ })
	.max(2048)
	.meta({ description: 'Where events are posted, https' });
const name = z.string().trim().min(1).max(100);
const events = z.array(z.enum(webhookEventTypes)).min(1);
const groups = z.array(GroupJid).min(1).max(1000).nullable();

/** Answered by the webhook dispatcher. */
export const webhooks = {
	...webhookActions,
	list: operation({
		summary: 'List your registered webhooks: id, URL, name, created time, last delivery.',
		scope: 'webhooks:manage',
		input: z.strictObject({}),
		output: z.object({ webhooks: z.array(Webhook) }),
		example: { input: {}, output: { webhooks: [exampleWebhook] } },
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
			url,
			name: name.default('Webhook'),
			events: events
				.default([...webhookEventTypes])
				.meta({ description: 'The event types wanted; all unless told' }),
			groups: groups.default(null).meta({ description: 'Only events of these groups; null for all' }),
		}),
		output: Webhook.extend({ secret: z.string() }),
		example: {
			input: { url: exampleWebhook.url, events: ['message.received'] },
			output: { ...exampleWebhook, secret: 'whsec_example' },
		},
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: false,
		changes: 'webhooks',
		tool: {
			name: 'add_webhook',
			title: 'Add a webhook',
			readOnly: false,
			destructive: false,
			idempotent: false,
			openWorld: true,
		},
	}),
	update: operation({
		summary: 'Change the URL, the name, the events or the groups of a webhook.',
		scope: 'webhooks:manage',
		input: z.strictObject({
			id,
			url: url.optional(),
			name: name.optional(),
			events: events.optional(),
			groups: groups.optional(),
		}),
		output: Webhook,
		example: { input: { id: 'whk_1', name: 'Support desk' }, output: exampleWebhook },
		errors: ['webhook_not_found', 'group_not_starred'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'webhooks',
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
		changes: 'webhooks',
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
	rotateSecret: operation({
		summary: 'Give a webhook a new signing secret; the old one signs too for 24 hours.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id }),
		output: z.object({
			id: SubjectToken,
			secret: z.string().meta({ description: 'Shown this once' }),
			oldSecretSignsUntil: Instant,
		}),
		example: {
			input: { id: 'whk_1' },
			output: { id: 'whk_1', secret: 'whsec_example', oldSecretSignsUntil: '2026-11-23T09:00:00.000Z' },
		},
		errors: ['webhook_not_found'],
		timeoutMs: 10_000,
		idempotent: false,
		changes: 'webhooks',
	}),
};
