import { z } from 'zod';
import { SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';
import { exampleWebhook, Webhook } from './webhook-shapes.ts';

const id = SubjectToken.meta({ description: 'Id of the webhook' });

/** What a person does with a webhook that exists. */
export const webhookActions = {
	pause: operation({
		summary: 'Stop posting to a webhook for now; what happens meanwhile waits.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id }),
		output: Webhook,
		example: { input: { id: 'whk_1' }, output: { ...exampleWebhook, status: 'paused' } },
		errors: ['webhook_not_found', 'webhook_not_active'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'webhooks',
	}),
	resume: operation({
		summary: 'Post to a paused or disabled webhook again, beginning with what waited while it was paused.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id }),
		output: Webhook,
		example: { input: { id: 'whk_1' }, output: exampleWebhook },
		errors: ['webhook_not_found'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'webhooks',
	}),
	test: operation({
		summary: 'Post a webhook.test event to one webhook, to see whether it can be reached.',
		scope: 'webhooks:manage',
		input: z.strictObject({ id }),
		output: z.object({ deliveryId: SubjectToken }),
		example: { input: { id: 'whk_1' }, output: { deliveryId: '17' } },
		errors: ['webhook_not_found', 'webhook_not_active'],
		timeoutMs: 10_000,
		idempotent: false,
		changes: 'deliveries',
	}),
};
