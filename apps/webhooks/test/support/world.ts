import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, createGrantKeys, ensureEventStream, eventStream } from '@chat-manager/bus';
import { bootstrapDatabase, type Database, openDatabase } from '@chat-manager/database';
import { programUsers, startNats, startPostgres } from '@chat-manager/embedded';
import { type AppTools, type Clock, createLogger } from '@chat-manager/service';
import { expect } from 'vitest';
import { createApp } from '../../src/app.ts';
import { config } from '../../src/config.ts';
import { posted } from '../../src/consumers/webhook-events.ts';
import type { Tables } from '../../src/database/tables.ts';
import type { Resolve } from '../../src/delivery/resolve.ts';
import { serveConnectors } from './connectors.ts';
import { createPerson, type Person } from './person.ts';
import { until } from './wait.ts';

/** May do everything; the service has its own user. */
const harness = { user: 'test', password: 'test' };
const passwordOf = (program: string) => `password-of-${program}`;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Real Postgres and NATS for one test file. A `durable` Postgres keeps what it has committed when it is killed. */
export async function startWorld({ durable = false } = {}) {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-webhooks-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const users = [harness, ...(await programUsers(passwordOf))];
	const [postgres, nats] = await Promise.all([
		startPostgres({ dataDir: join(folder, 'postgres'), password: 'secret', logger: silent, durable }),
		startNats({ dataDir: join(folder, 'nats'), auth: { users }, logger: silent }),
	]);
	cleanup.use(postgres);
	cleanup.use(nats);
	const connect = (service: string) => connectBus({ url: nats.url, ...harness, service, log: silent });
	const bus: Bus = cleanup.use(await connect('test'));
	await ensureEventStream(bus);
	const connectors = cleanup.use(await serveConnectors(() => connect('connectors')));
	const keys = createGrantKeys();
	const held = cleanup.move();

	return {
		postgres,
		nats,
		bus,
		connectors,
		person: (now: () => number = Date.now): Person =>
			createPerson({ bus, privateKey: keys.privateKey, eventKeys: connectors, now }),
		/** Waits until what was published is in the ledger, or was found to be wanted by nobody. The last one must be of a kind to post. */
		async recorded(): Promise<void> {
			const manager = await bus.jetStream.jetstreamManager();
			const { state } = await manager.streams.info(eventStream);
			await until(async () => {
				const { delivered, num_ack_pending } = await manager.consumers.info(eventStream, posted.durable);
				expect(delivered.stream_seq).toBeGreaterThanOrEqual(state.last_seq);
				expect(num_ack_pending).toBe(0);
			});
		},
		/** A schema of its own, and the service on it. */
		async ledger(environment: Record<string, string> = {}) {
			const schema = `webhooks_${randomUUID().slice(0, 8)}`;
			const { adminUrl } = postgres;
			await bootstrapDatabase({ adminUrl, services: [{ schema, role: schema, password: 'pw' }] });
			const url = new URL(adminUrl);
			url.username = schema;
			url.password = 'pw';
			const env = {
				DATABASE_URL: url.href,
				DATABASE_SCHEMA: schema,
				NATS_URL: nats.url,
				NATS_USER: 'webhooks',
				NATS_PASSWORD: passwordOf('webhooks'),
				CM_GRANT_PUBLIC_KEY: keys.publicKey,
				CM_MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}`,
				CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true',
				LOG_LEVEL: 'silent',
				...environment,
			};
			const database: Database<Tables> = openDatabase({
				url: url.href,
				schema,
				logger: silent,
				applicationName: 'test',
				poolSize: 2,
			});
			held.use(database);
			return { env, db: database.db, start: (options: StartOptions = {}) => startService(env, options) };
		},
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

export type World = Awaited<ReturnType<typeof startWorld>>;
export type Ledger = Awaited<ReturnType<World['ledger']>>;
export type StartOptions = { clock?: Clock; resolve?: Resolve; signal?: AppTools['signal'] };

/** The service as main.ts runs it, in this process. */
function startService(env: Record<string, string>, options: StartOptions): Promise<AsyncDisposable> {
	const values = config.load(env);
	return createApp(values, {
		logger: createLogger({ name: 'webhooks', level: values.LOG_LEVEL }),
		signal: new AbortController().signal,
		...options,
	});
}
