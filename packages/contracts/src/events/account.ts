import { z } from 'zod';
import { event } from '../event.ts';

/** The services that keep something of people: an account is deleted when all of them have said so. */
export const keepers = ['connectors', 'storage', 'webhooks'] as const;

export const accountEvents = {
	deleted: event({
		summary: 'A person deleted their account: every service destroys what it keeps of them.',
		publisher: 'gateway',
		webhook: false,
		data: z.object({}),
		example: {},
	}),
	erased: event({
		summary: 'A service has destroyed what it kept of somebody who deleted their account.',
		publisher: ['connector', 'storage', 'webhooks'],
		webhook: false,
		data: z.object({ service: z.enum(keepers) }),
		example: { service: 'storage' },
	}),
};
