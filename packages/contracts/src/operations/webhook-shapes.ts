import { z } from 'zod';
import { webhookEventTypes } from '../events/catalogue.ts';
import { GroupJid, Instant, SubjectToken } from '../ids.ts';

/**
 * `active`: events are posted as they happen. `paused` by its owner: they wait until it is resumed. `disabled` by us,
 * because it answered 410 Gone or nothing was accepted for days: they are kept for a replay, and not posted.
 */
const WebhookStatus = z.enum(['active', 'paused', 'disabled']);

export const Webhook = z.object({
	id: SubjectToken,
	url: z.url(),
	name: z.string(),
	events: z.array(z.enum(webhookEventTypes)).min(1),
	groups: z.array(GroupJid).nullable(),
	createdAt: Instant,
	lastDeliveryAt: Instant.nullable(),
	status: WebhookStatus,
	disabledReason: z.enum(['gone', 'failing']).nullable().meta({
		description: 'gone: it answered 410; failing: nothing was accepted for days',
	}),
	failingSince: Instant.nullable().meta({
		description: 'Since when every attempt failed; null while it works',
	}),
});

export const exampleWebhook = {
	id: 'whk_1',
	url: 'https://example.com/hooks/whatsapp',
	name: 'Support desk',
	events: ['message.received' as const],
	groups: null,
	createdAt: '2026-11-22T09:00:00.000Z',
	lastDeliveryAt: null,
	status: 'active' as const,
	disabledReason: null,
	failingSince: null,
};
