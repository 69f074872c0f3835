import { z } from 'zod';
import { operation } from '../operation.ts';

const Settings = z.object({
	storeMessages: z
		.boolean()
		.meta({ description: 'Whether messages of starred groups are stored from now on' }),
});

/** Answered by storage. */
export const settings = {
	get: operation({
		summary: 'The settings of your account.',
		scope: 'account:write',
		input: z.strictObject({}),
		output: Settings,
		example: { input: {}, output: { storeMessages: true } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	update: operation({
		summary: 'Change the settings of your account.',
		scope: 'account:write',
		input: z.strictObject({ storeMessages: z.boolean() }),
		output: Settings,
		example: { input: { storeMessages: false }, output: { storeMessages: false } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'settings',
	}),
};
