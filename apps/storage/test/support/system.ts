import { randomUUID } from 'node:crypto';
import {
	type BusEvent,
	type Caller,
	connectBus,
	createClient,
	createGrantSigner,
	ensureEventStream,
} from '@chat-manager/bus';
import { allScopes, eventSubject, type Grant } from '@chat-manager/contracts';
import { openDatabase } from '@chat-manager/database';
import { type Clock, createLogger, systemClock } from '@chat-manager/service';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Tables } from '../../src/database/tables.ts';
import { createConnectors } from './connectors.ts';
import { harness, type Servers, silent, startServers } from './servers.ts';

const publishedAtOnce = 500;

/** The service on real servers, its peers on the bus, and a look into its tables. */
export async function startSystem({
	clock = systemClock,
	durable = false,
	settings = {},
}: {
	clock?: Clock;
	durable?: boolean;
	settings?: Record<string, string>;
} = {}) {
	await using cleanup = new AsyncDisposableStack();
	const servers: Servers = cleanup.use(await startServers({ durable, settings }));
	const { nats, values, grantKeys } = servers;
	const bus = cleanup.use(await connectBus({ url: nats.url, ...harness, service: 'test', log: silent }));
	await ensureEventStream(bus);
	const { db } = cleanup.use(
		openDatabase<Tables>({
			url: values.DATABASE_URL,
			schema: 'chat',
			logger: silent,
			applicationName: 'test',
		}),
	);
	const startApp = () =>
		createApp(values, {
			logger: createLogger({ name: 'storage', level: 'silent' }),
			signal: new AbortController().signal,
			clock,
		});
	let app = await startApp();
	cleanup.defer(() => app[Symbol.asyncDispose]());
	const held = cleanup.move();
	const sign = createGrantSigner(grantKeys.privateKey);
	let lastSequence = 0;

	return {
		...servers,
		bus,
		startApp,
		db,
		client: createClient(bus, 'storage'),
		connectors: await createConnectors(bus, grantKeys.publicKey),
		/** In the name of a user; `change` for a token that may less. */
		as(userId: string, change: Partial<Grant> = {}): Caller {
			const deadline = Date.now() + 30 * 24 * 3_600_000;
			const grant = {
				callId: randomUUID(),
				userId,
				scopes: allScopes,
				groups: null,
				confirmed: true,
				deadline,
			};
			return { userId, deadline, signedGrant: sign({ ...grant, ...change }) };
		},
		/**
		 * Publishes without a message id, so that NATS keeps a repeat and the service has to know it. Some hundred at a time: each
		 * request has five seconds from when it was made, also for the wait behind all others.
		 */
		async publish(...events: readonly BusEvent[]): Promise<void> {
			for (let first = 0; first < events.length; first += publishedAtOnce) {
				const some = events.slice(first, first + publishedAtOnce).map(async (event) => {
					const text = JSON.stringify(event);
					const { seq } = await bus.jetStream.publish(eventSubject(event.userId, event.type), text);
					lastSequence = Math.max(lastSequence, seq);
				});
				await Promise.all(some);
			}
		},
		/**
		 * Waits until everything published is applied. NATS says that it has stored an event a moment before it counts it as pending,
		 * so the consumer must have come by the last one too.
		 */
		async settled(): Promise<void> {
			const manager = await bus.nats.jetstreamManager();
			await vi.waitFor(
				async () => {
					const info = await manager.consumers.info('EVENTS', 'storage');
					expect(info.delivered.stream_seq).toBeGreaterThanOrEqual(lastSequence);
					expect(info.num_pending + info.num_ack_pending).toBe(0);
				},
				{ timeout: 45_000 },
			);
		},
		/** NATS gives what nobody acknowledged to the next one after a second instead of half a minute. */
		async giveBackSoon(): Promise<void> {
			const manager = await bus.nats.jetstreamManager();
			await manager.consumers.update('EVENTS', 'storage', { ack_wait: 1_000_000_000 });
		},
		stopApp: () => app[Symbol.asyncDispose](),
		/** Stops the service; before it starts again `meanwhile` runs. */
		async restart(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
			await app[Symbol.asyncDispose]();
			await meanwhile();
			app = await startApp();
		},
		/** Meanwhile NATS is there and takes no event. */
		async whileStreamIsFull(task: () => Promise<void>): Promise<void> {
			const manager = await bus.nats.jetstreamManager();
			const { config } = await manager.streams.info('EVENTS');
			await manager.streams.update('EVENTS', { ...config, max_msg_size: 1 });
			try {
				await task();
			} finally {
				await manager.streams.update('EVENTS', { ...config, max_msg_size: -1 });
			}
		},
		/** What is stored of a user, but for what may differ between two runs that are the same. */
		async record(userId: string) {
			const tables = [
				'starred_groups',
				'members',
				'membership_changes',
				'messages',
				'message_changes',
				'admin_facts',
				'message_receipts',
				'device_facts',
			] as const;
			const dump = await Promise.all(
				tables.map(async (table) => {
					const { rows } = await sql<{ row: string }>`
						select (to_jsonb(t) - array['id', 'content', 'event_id', 'edit_event_id', 'words', 'tags',
							'sequence', 'swept_at', 'presence_sequence', 'messages_deleted_at', 'place', 'visited_place'])::text as row
						from ${sql.table(table)} t where user_id = ${userId}`.execute(db);
					return [table, rows.map(({ row }) => row).sort()];
				}),
			);
			return Object.fromEntries(dump);
		},
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

export type System = Awaited<ReturnType<typeof startSystem>>;
