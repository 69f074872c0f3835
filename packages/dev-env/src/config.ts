import { defineConfig } from '@chat-manager/service';
import { z } from 'zod';

export const config = defineConfig(
	{
		PORT: z.coerce
			.number()
			.int()
			.min(1)
			.max(65_534)
			.default(3000)
			.describe('Where people and MCP clients connect.'),
		HOST: z.string().default('127.0.0.1').describe('The address that the gateway listens on.'),
		CM_DATA_DIR: z.string().default('.data').describe('Where everything is kept.'),
		NODE_ENV: z.string().optional().describe('`production` refuses the simulated network.'),
		CM_SIMULATOR: z
			.enum(['on', 'off'])
			.optional()
			.describe('Whether the simulated WhatsApp network runs beside the real one; on unless in production.'),
		DATABASE_URL: z
			.url()
			.optional()
			.meta({ secret: true })
			.describe('A Postgres to use instead of the embedded one.'),
		CM_MAIL_URL: z
			.string()
			.optional()
			.meta({ secret: true })
			.describe('A mail server; without one mails are written into a folder instead of being sent.'),
		NATS_URL: z.string().optional().describe('NATS servers to use instead of the embedded one.'),
	},
	({ NODE_ENV, CM_SIMULATOR }) =>
		NODE_ENV === 'production' && CM_SIMULATOR === 'on'
			? [{ setting: 'CM_SIMULATOR', fault: 'must not be on in production: it is no WhatsApp' }]
			: [],
);
