import { z } from 'zod';
import type { BusLogin } from './connection.ts';
import { defaultEventHours, maxEventHours } from './retention.ts';

/**
 * Makes a password that nats-server reads out of its environment as it is. It takes a value there for one of its own language: of
 * one that begins like a number (`3e5abc`) it says that it cannot be parsed, so a letter stands in front.
 */
export const natsPasswordCommand = 'echo "n$(openssl rand -hex 32)"';

const File = (what: string) => z.string().optional().describe(what);

/** The settings by which a program finds NATS and says who it is. */
export const busShape = {
	NATS_URL: z
		.string()
		.meta({ example: 'nats://nats-1:4222,nats://nats-2:4222,nats://nats-3:4222' })
		.describe('NATS; several servers separated by commas.'),
	NATS_USER: z
		.string()
		.optional()
		.meta({ example: 'storage' })
		.describe('The NATS user of this program: its name.'),
	NATS_PASSWORD: z
		.string()
		.optional()
		.meta({ secret: true, make: natsPasswordCommand })
		.describe('The password of that user.'),
	NATS_CREDS_FILE: File('A file of credentials (JWT and seed), instead of user and password.'),
	NATS_CA_FILE: File(
		'The authority that signed the certificate of NATS, as PEM. Given, a server without TLS is refused.',
	),
	NATS_CERT_FILE: File('The certificate of this program, as PEM, where NATS asks for one.'),
	NATS_KEY_FILE: File('The key of that certificate, as PEM.'),
	CM_NATS_REPLICAS: z.coerce
		.number()
		.int()
		.min(1)
		.max(5)
		.default(1)
		.describe(
			'How many servers of a NATS cluster keep each stream and bucket: 3 of a cluster of three, so that one may be lost.',
		),
	CM_EVENT_RETENTION_HOURS: z.coerce
		.number()
		.int()
		.min(24)
		.max(maxEventHours)
		.default(defaultEventHours)
		.describe(
			'For how long events stay in the stream: so long storage, webhooks or a subscriber may be away without missing any. Connectors set it; give all programs the same.',
		),
};

export type BusSettings = z.infer<z.ZodObject<typeof busShape>>;

export function busLogin(settings: BusSettings): BusLogin {
	const { NATS_CA_FILE: caFile, NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile } = settings;
	const files = Object.entries({ caFile, certFile, keyFile }).filter(([, file]) => file !== undefined);
	return {
		url: settings.NATS_URL,
		user: settings.NATS_USER,
		password: settings.NATS_PASSWORD,
		credentialsFile: settings.NATS_CREDS_FILE,
		tls: files.length === 0 ? undefined : Object.fromEntries(files),
		replicas: settings.CM_NATS_REPLICAS,
		eventHours: settings.CM_EVENT_RETENTION_HOURS,
	};
}
