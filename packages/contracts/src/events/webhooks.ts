import { z } from 'zod';
import { event } from '../event.ts';
import { SubjectToken } from '../ids.ts';

const webhookId = SubjectToken.meta({ description: 'The id of the webhook, as list_webhooks shows it' });

export const webhookEvents = {
	test: event({
		summary: 'You asked for a test: nothing happened, and your endpoint can be reached.',
		publisher: null, // Its delivery is written down where it was asked for.
		webhook: 'on_request',
		data: z.object({ webhookId }),
		example: { webhookId: 'whk_1' },
	}),
	disabled: event({
		summary: 'Nothing is posted to a webhook any more: it failed for days, or answered 410 Gone.',
		publisher: 'webhooks',
		webhook: false,
		data: z.object({ webhookId, name: z.string(), reason: z.enum(['gone', 'failing']) }),
		example: { webhookId: 'whk_1', name: 'Support desk', reason: 'failing' },
	}),
};
