import { busShape } from '@chat-manager/bus';
import { MasterKeys } from '@chat-manager/service';
import { z } from 'zod';

/** The settings that every service behind the gateway has. */
export const backendShape = {
	DATABASE_URL: z.string().describe('Postgres, with the role of this service.').meta({ secret: true }),
	DATABASE_SCHEMA: z.string().describe('The schema that this service owns.'),
	...busShape,
	CM_GRANT_PUBLIC_KEY: z
		.string()
		.describe("With which the gateway's grants are verified (Ed25519, SPKI DER in base64)."),
	CM_MASTER_KEYS: MasterKeys.describe('The master keys that wrap the data keys, the newest first: k2:…,k1:…'),
	HEALTH_PORT: z.coerce
		.number()
		.int()
		.min(0)
		.max(65_535)
		.optional()
		.describe('Port of /healthz and /readyz; off when unset.'),
	HEALTH_HOST: z.string().default('127.0.0.1').describe('Address that the health port listens on.'),
};

export type BackendSettings = z.infer<z.ZodObject<typeof backendShape>>;
