import { z } from 'zod';
import { event } from '../event.ts';

export const accountEvents = {
	deleted: event({
		summary: 'A person deleted their account: every service destroys what it keeps of them.',
		publisher: 'gateway',
		webhook: false,
		data: z.object({}),
		example: {},
	}),
};
