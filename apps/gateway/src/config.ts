import { busShape, createGrantSigner } from '@chat-manager/bus';
import { serviceSchemas } from '@chat-manager/database';
import { defaultStopTimeoutMs, defineConfig } from '@chat-manager/service';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);
const Count = z.coerce.number().int().min(1).max(1_000_000);
const Names = z
	.string()
	.transform((text) => text.split(',').map((name) => name.trim()))
	.pipe(z.array(z.string().min(1)));

/** The settings of the gateway; the only place that reads its environment. */
export const config = defineConfig(
	{
		PORT: Port.default(3000).describe('The port that the gateway listens on.'),
		HOST: z.string().default('127.0.0.1').describe('The address that the gateway listens on.'),
		HEALTH_PORT: Port.optional().describe(
			'Port of /metrics, /healthz and /readyz for those who look after it, not for the public; off when unset.',
		),
		CM_LEAVE_SECONDS: z.coerce
			.number()
			.int()
			.min(0)
			.max(60)
			.default(0)
			.describe(
				'How long a gateway that is asked to stop still answers while /readyz says that it goes: longer than the proxy in front takes to see that.',
			),
		HEALTH_HOST: z.string().default('127.0.0.1').describe('Address that the health port listens on.'),
		CM_PUBLIC_URL: z
			.url({ protocol: /^https?$/ })
			.refine((url) => new URL(url).pathname === '/', 'must have no path')
			.optional()
			.meta({ example: 'https://chat.example.com' })
			.describe(
				'The URL by which people and MCP clients reach the gateway; http://localhost:PORT unless set.',
			),
		CM_ALLOWED_HOSTS: Names.default([]).describe(
			'Further host names by which the gateway may be addressed (inside a cluster), separated by commas.',
		),
		CM_TRUSTED_PROXIES: Names.default([])
			.meta({ example: '10.0.0.0/8' })
			.describe(
				'Addresses or networks of the proxies in front, whose X-Forwarded-For is believed, separated by commas.',
			),
		DATABASE_URL: z
			.string()
			.meta({ secret: true, example: 'postgres://cm_gateway:PASSWORD@postgres:5432/chat_manager' })
			.describe(
				'Postgres, with the role of the gateway. `?sslmode=verify-full&sslrootcert=FILE` behind it asks for TLS.',
			),
		DATABASE_SCHEMA: z.string().default(serviceSchemas.gateway).describe('The schema that the gateway owns.'),
		...busShape,
		NATS_URL: busShape.NATS_URL.default('nats://127.0.0.1:4222'),
		CM_GRANT_PRIVATE_KEY: z
			.string()
			.refine(isGrantKey, 'must be an Ed25519 private key, PKCS#8 DER in base64')
			.meta({
				secret: true,
				example: 'MC4CAQAwBQYDK2Vw…',
				make: 'openssl genpkey -algorithm ed25519 -outform DER | openssl base64 -A',
			})
			.describe('Signs what a caller may do. The other services hold the public half.'),
		CM_AUTH_SECRET: z
			.string()
			.min(32, 'must be at least 32 characters')
			.meta({ secret: true, make: 'openssl rand -base64 32' })
			.describe('Signs session cookies; seals second factors, and what waits to be sent by mail.'),
		CM_SIGNUP: z
			.enum(['open', 'invite', 'closed'])
			.default('open')
			.describe(
				'Who may make an account: anybody, whoever has an invitation (`npm run invite` makes one), or nobody.',
			),
		CM_SIGN_UPS_PER_HOUR: Count.default(20).describe('Sign-ups that one address may try in an hour.'),
		CM_SIGN_INS_PER_MINUTE: Count.default(10).describe(
			'Sign-ins that one address, and one account, may try in a minute.',
		),
		CM_RATE_LIMIT_PER_MINUTE: Count.default(60).describe(
			'Tool calls that one access token may make in a minute.',
		),
		CM_RATE_LIMIT_BURST: Count.default(20).describe('Tool calls that it may make at once.'),
		CM_AUDIT_DAYS: z.coerce
			.number()
			.int()
			.min(1)
			.max(3_650)
			.default(180)
			.describe('Days for which the audit log of access tokens is kept.'),
		CM_SIMULATED_PHONE_URL: z
			.url({ protocol: /^https?$/ })
			.meta({ secret: true, development: true })
			.optional()
			.describe('The page of the simulated phones, with the key in its fragment; people are offered it.'),
		CM_DASHBOARD_DIR: z.string().optional().describe('The folder of the built dashboard.'),
		CM_MAIL_URL: z
			.url({ protocol: /^(smtps?|file)$/ })
			.meta({ secret: true, example: 'smtp://user:password@mail.example.com:587' })
			.optional()
			.describe(
				'How mails are sent: smtp://user:password@host:587, smtps://…, or file:///folder to only write them there. Off when unset: forgotten passwords cannot be replaced, and nobody is told of disabled webhooks by mail.',
			),
		CM_MAIL_FROM: z
			.string()
			.regex(/^[^\r\n]*@[^\r\n]+$/, 'must be an address such as Chat Manager <no-reply@example.com>')
			.optional()
			.meta({ example: 'Chat Manager <no-reply@example.com>' })
			.describe('The sender of mails: Chat Manager <no-reply@example.com>.'),
	},
	({ CM_MAIL_URL, CM_MAIL_FROM }) =>
		CM_MAIL_URL !== undefined && !CM_MAIL_URL.startsWith('file:') && CM_MAIL_FROM === undefined
			? [{ setting: 'CM_MAIL_FROM', fault: 'is required where CM_MAIL_URL is a mail server' }]
			: [],
);

/** The requests that run at the end of its leave are waited for as well. */
export function stopTimeoutMs({ CM_LEAVE_SECONDS }: { CM_LEAVE_SECONDS: number }): number {
	return CM_LEAVE_SECONDS * 1_000 + defaultStopTimeoutMs;
}

export type Settings = ReturnType<(typeof config)['load']>;

function isGrantKey(text: string): boolean {
	try {
		createGrantSigner(text);
		return true;
	} catch {
		return false;
	}
}
