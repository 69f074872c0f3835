import { backendShape, rotationShape } from '@chat-manager/backend';
import { serviceSchemas } from '@chat-manager/database';
import { defineConfig } from '@chat-manager/service';
import { z } from 'zod';
import { capturePoints } from './devices/capture-points.ts';

/** How often something may be done in a time. */
const perTime = (safe: number) => z.coerce.number().int().min(1).max(100_000).default(safe);

/** Not for installations. */
const development = { development: true };

export const config = defineConfig(
	{
		...backendShape,
		DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default(serviceSchemas.connector),
		CM_CONNECTOR_ID: z
			.string()
			.regex(/^[A-Za-z0-9_-]{1,64}$/)
			.optional()
			.describe('The name of this connector, unique in the fleet; made up at each start unless set.'),
		CM_MAX_USERS: z.coerce
			.number()
			.int()
			.min(1)
			.max(100_000)
			.default(2_000)
			.describe('How many users one connector holds; the others of the fleet hold the rest.'),
		CM_DRAIN_SECONDS: z.coerce
			.number()
			.int()
			.min(1)
			.max(3_600)
			.default(25)
			.describe('How long a connector that is asked to stop takes at most to hand its users over.'),
		CM_WHATSAPP_URL: z.url().default('wss://web.whatsapp.com/ws/chat').describe('The WhatsApp network.'),
		CM_SIMULATOR_URL: z
			.url()
			.optional()
			.meta(development)
			.describe('The simulated network, where it is offered.'),
		CM_GROUP_QUERIES_PER_MINUTE: perTime(30).describe(
			'How often one account asks WhatsApp about its groups; twice as often in a burst.',
		),
		CM_GROUP_CHANGES_PER_MINUTE: perTime(10).describe(
			'How often one account changes its groups; twice as often in a burst.',
		),
		CM_MEMBER_ADDS_PER_HOUR: perTime(50).describe(
			'How many people one account adds to groups; many more, and WhatsApp restricts accounts.',
		),
		CM_MESSAGES_PER_MINUTE: perTime(60).describe(
			'How many messages one account sends; twice as many in a burst.',
		),
		CM_OUTBOX_DAYS: z.coerce
			.number()
			.int()
			.min(1)
			.max(60)
			.default(14)
			.describe(
				"For how long what was sent is kept, sealed: so long a member's device that was off may ask for it again.",
			),
		CM_IDEMPOTENCY_HOURS: z.coerce
			.number()
			.int()
			.min(24)
			.max(336)
			.default(24)
			.describe('For how long a call with the same idempotencyKey gives the first result again.'),
		CM_PING_SECONDS: z.coerce
			.number()
			.min(0.1)
			.max(300)
			.default(25)
			.describe('How often WhatsApp is pinged; silent for 5 seconds longer, a connection is given up.'),
		CM_AWAY_SECONDS: z.coerce
			.number()
			.min(0)
			.max(86_400)
			.default(30)
			.describe('How long a device may be away before subscribers are told (`device.disconnected`).'),
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
			.meta(development)
			.describe('For crash tests: the point at which the process ends itself.'),
		CM_CRASH_SKIP: z.coerce
			.number()
			.int()
			.min(0)
			.default(0)
			.meta(development)
			.describe('For crash tests: how often that point is passed first.'),
	},
	({ NODE_ENV, CM_SIMULATOR_URL, CM_CRASH_AT, CM_OUTBOX_DAYS, CM_IDEMPOTENCY_HOURS }) => {
		if (CM_IDEMPOTENCY_HOURS > CM_OUTBOX_DAYS * 24)
			return [{ setting: 'CM_IDEMPOTENCY_HOURS', fault: 'must not be longer than CM_OUTBOX_DAYS' }];
		if (NODE_ENV !== 'production') return [];
		return Object.entries({ CM_SIMULATOR_URL, CM_CRASH_AT })
			.filter(([, value]) => value !== undefined)
			.map(([setting]) => ({ setting, fault: 'must not be set in production' }));
	},
);

/** What is left when the time for the hand-over is up is let go at once; that takes a moment, too. */
export function stopTimeoutMs({ CM_DRAIN_SECONDS }: { CM_DRAIN_SECONDS: number }): number {
	return (CM_DRAIN_SECONDS + 10) * 1_000;
}

/** What `rotate-keys.ts` needs of it. */
export const rotationConfig = defineConfig({
	...rotationShape('connector'),
	CM_RENEW_DATA_KEYS: z
		.enum(['on', 'off'])
		.default('off')
		.describe('Make new data keys too, and seal everything anew with them.'),
});
