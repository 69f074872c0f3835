import { busShape } from '@chat-manager/bus';
import { defineConfig, MasterKeys } from '@chat-manager/service';
import { z } from 'zod';

const ownKeys = (service: string) =>
	MasterKeys.optional().describe(
		`CM_MASTER_KEYS of ${service}, for a restore; those of the data directory are found by themselves.`,
	);

/** The settings of the two commands: those of `npm start`, and for servers of one's own the keys of the services. */
export const config = defineConfig({
	CM_DATA_DIR: z.string().default('.data').describe('The data directory of npm start.'),
	DATABASE_URL: z
		.string()
		.optional()
		.meta({ secret: true })
		.describe(
			'A Postgres of your own: for a backup with a role that may read all schemas, for a restore with the one that made them.',
		),
	...busShape,
	NATS_URL: busShape.NATS_URL.optional().describe('A NATS of your own; several servers separated by commas.'),
	CM_MASTER_KEYS_CONNECTOR: ownKeys('connector'),
	CM_MASTER_KEYS_STORAGE: ownKeys('storage'),
	CM_MASTER_KEYS_WEBHOOKS: ownKeys('webhooks'),
	CM_AUTH_SECRET: z
		.string()
		.optional()
		.meta({ secret: true })
		.describe('That of the gateway: a backup notes how to recognise it, a restore checks it.'),
});

export type Settings = ReturnType<(typeof config)['load']>;
