import { defineConfig, MasterKeys } from '@chat-manager/service';
import { z } from 'zod';
import { capturePoints } from './devices/capture.ts';

export const config = defineConfig(
	{
		DATABASE_URL: z.url().meta({ secret: true }).describe('Postgres, with the role of this service.'),
		DATABASE_SCHEMA: z.string().default('devices').describe('The schema of this service.'),
		NATS_URL: z.string().describe('NATS servers, separated by commas.'),
		NATS_USER: z.string().optional().describe('The NATS user of this service.'),
		NATS_PASSWORD: z.string().optional().meta({ secret: true }).describe('The password of the NATS user.'),
		CM_GRANT_PUBLIC_KEY: z.base64().describe("The gateway's public key, which signs grants."),
		CM_MASTER_KEYS: MasterKeys.meta({ secret: true }).describe('Master keys, newest first: name:base64,…'),
		CM_CONNECTOR_ID: z
			.string()
			.regex(/^[A-Za-z0-9_-]{1,64}$/)
			.optional()
			.describe('The name of this connector, unique in the fleet; made up at each start unless set.'),
		CM_WHATSAPP_URL: z.url().default('wss://web.whatsapp.com/ws/chat').describe('The WhatsApp network.'),
		CM_SIMULATOR_URL: z.url().optional().describe('The simulated network, where it is offered.'),
		NODE_ENV: z.string().optional().describe('`production` refuses the simulated network and crash tests.'),
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
