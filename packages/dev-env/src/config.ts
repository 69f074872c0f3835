import { defineConfig } from '@chat-manager/service';
import { z } from 'zod';

export const config = defineConfig({
	PORT: z.coerce
		.number()
		.int()
		.min(1)
		.max(65_534)
		.default(3000)
		.describe('Where people and MCP clients connect.'),
	HOST: z.string().default('127.0.0.1').describe('The address that the gateway listens on.'),
	CM_DATA_DIR: z.string().default('.data').describe('Where everything is kept.'),
	DATABASE_URL: z
		.url()
		.optional()
		.meta({ secret: true })
		.describe('A Postgres to use instead of the embedded one.'),
	NATS_URL: z.string().optional().describe('NATS servers to use instead of the embedded one.'),
});
