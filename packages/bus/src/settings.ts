import { z } from 'zod';
import type { BusLogin } from './connection.ts';
import { defaultEventHours, maxEventHours } from './retention.ts';

const File = (what: string) => z.string().optional().describe(what);

/** The settings by which a program finds NATS and says who it is. */
export const busShape = {
	NATS_URL: z.string().describe('NATS; several servers separated by commas.'),
	NATS_USER: z.string().optional().describe('The NATS user of this program.'),
	NATS_PASSWORD: z.string().optional().describe('The password of that user.').meta({ secret: true }),
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
