import { backendShape } from '@chat-manager/backend';
import { defineConfig } from '@chat-manager/service';
import { z } from 'zod';
import { capturePoints } from './devices/capture-points.ts';

export const config = defineConfig(
	{
		...backendShape,
		DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default('devices'),
		CM_CONNECTOR_ID: z
			.string()
			.regex(/^[A-Za-z0-9_-]{1,64}$/)
			.optional()
			.describe('The name of this connector, unique in the fleet; made up at each start unless set.'),
		CM_WHATSAPP_URL: z.url().default('wss://web.whatsapp.com/ws/chat').describe('The WhatsApp network.'),
		CM_SIMULATOR_URL: z.url().optional().describe('The simulated network, where it is offered.'),
		NODE_ENV: z.string().optional().describe('`production` refuses the simulated network and crash tests.'),
		CM_NATIVE_CURVE: z
			.enum(['on', 'off'])
			.default('on')
			.describe(
				'Native signatures below Baileys instead of its pure-JavaScript ones (one tenth of the cost).',
			),
		CM_CRASH_AT: z
			.enum(capturePoints)
			.optional()
			.describe('For crash tests: the point at which the process ends itself.'),
	},
	({ NODE_ENV, CM_SIMULATOR_URL, CM_CRASH_AT }) => {
		if (NODE_ENV !== 'production') return [];
		return Object.entries({ CM_SIMULATOR_URL, CM_CRASH_AT })
			.filter(([, value]) => value !== undefined)
			.map(([setting]) => ({ setting, fault: 'must not be set in production' }));
	},
);
