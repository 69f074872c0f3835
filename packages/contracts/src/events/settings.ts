import { z } from 'zod';
import { event } from '../event.ts';

export const settingsEvents = {
	changed: event({
		summary: 'The settings of an account changed.',
		publisher: 'storage',
		webhook: false,
		data: z.object({ storeMessages: z.boolean() }),
		example: { storeMessages: false },
	}),
};
