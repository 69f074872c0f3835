import { busShape } from '@chat-manager/bus';
import { MasterKeys } from '@chat-manager/service';
import { z } from 'zod';

/** The settings that every service behind the gateway has. */
export const backendShape = {
	DATABASE_URL: z
		.string()
		.meta({ secret: true, example: 'postgres://cm_storage:PASSWORD@postgres:5432/chat_manager' })
		.describe(
			'Postgres, with the role of this service. `?sslmode=verify-full&sslrootcert=FILE` behind it asks for TLS.',
		),
	DATABASE_SCHEMA: z.string().describe('The schema that this service owns.'),
	...busShape,
	CM_GRANT_PUBLIC_KEY: z
		.string()
		.meta({
			example: 'MCowBQYDK2VwAyEA…',
			make: 'echo "$CM_GRANT_PRIVATE_KEY" | openssl base64 -d -A | openssl pkey -inform DER -pubout -outform DER | openssl base64 -A',
		})
		.describe(
			"With which the gateway's grants are verified (Ed25519, SPKI DER in base64): the public half of its key.",
		),
	CM_MASTER_KEYS: MasterKeys.describe('The master keys that wrap the data keys, the newest first: k2:…,k1:…'),
	HEALTH_PORT: z.coerce
		.number()
		.int()
		.min(0)
		.max(65_535)
		.optional()
		.meta({ example: '9090' })
		.describe('Port of /healthz, /readyz and /metrics; off when unset.'),
	HEALTH_HOST: z.string().default('127.0.0.1').describe('Address that the health port listens on.'),
};

export type BackendSettings = z.infer<z.ZodObject<typeof backendShape>>;
