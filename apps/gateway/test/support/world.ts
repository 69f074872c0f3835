import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, createGrantKeys } from '@chat-manager/bus';
import { bootstrapDatabase, openDatabase } from '@chat-manager/database';
import {
	type EmbeddedNats,
	type EmbeddedPostgres,
	programUsers,
	startNats,
	startPostgres,
} from '@chat-manager/embedded';
import { createLogger, type Logger } from '@chat-manager/service';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { type App, createApp, type Replacements } from '../../src/app.ts';
import { config, type Settings } from '../../src/config.ts';

/** Real servers with a role for the gateway, and everything that is started on them. */
export type World = AsyncDisposable & {
	readonly postgres: EmbeddedPostgres;
	readonly nats: EmbeddedNats;
	readonly publicKey: string;
	readonly logger: Logger;
	/** Everything that was logged so far, by all that run here. */
	readonly log: string[];
	/** What must never be in the log. */
	readonly secrets: Set<string>;
	settings(overrides?: Environment): Settings;
	startGateway(overrides?: Environment, replacements?: Replacements): Promise<Gateway>;
	/** Runs SQL in the schema of the gateway; its rows. */
	sql(text: string): Promise<Record<string, unknown>[]>;
	/** A connection of another service. */
	connect(service: string): Promise<Bus>;
};

export type Gateway = AsyncDisposable & { readonly url: string };
type Environment = Readonly<Record<string, string>>;

/** May do everything; the service has its own user. */
const harness = { user: 'test', password: 'nats-password-of-the-test' };
const passwordOf = (program: string) => `nats-password-of-${program}`;
const role = { schema: 'identity', role: 'cm_gateway', password: 'gateway-database-password' };

export async function startWorld(): Promise<World> {
	await using parts = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-gateway-'));
	parts.defer(() => rm(folder, { recursive: true, force: true }));
	const log: string[] = [];
	const logger = createLogger({ name: 'test', level: 'debug', output: { write: (line) => log.push(line) } });
	const silent = createLogger({ name: 'server', level: 'silent' });
	const postgres = parts.use(
		await startPostgres({ dataDir: join(folder, 'pg'), password: 'admin', logger: silent, durable: false }),
	);
	const users = [harness, ...(await programUsers(passwordOf))];
	const nats = parts.use(await startNats({ dataDir: join(folder, 'nats'), auth: { users }, logger: silent }));
	await bootstrapDatabase({ adminUrl: postgres.adminUrl, services: [role] });
	const keys = createGrantKeys();
	const authSecret = 'a-secret-that-signs-the-cookies-of-this-test';
	const secrets = new Set([keys.privateKey, authSecret, role.password, passwordOf('gateway')]);
	const environment = {
		PORT: '0',
		LOG_LEVEL: 'debug',
		DATABASE_URL: roleUrl(postgres.adminUrl),
		NATS_URL: nats.url,
		NATS_USER: 'gateway',
		NATS_PASSWORD: passwordOf('gateway'),
		CM_GRANT_PRIVATE_KEY: keys.privateKey,
		CM_AUTH_SECRET: authSecret,
		CM_SIGN_UPS_PER_HOUR: '1000',
		CM_SIGN_INS_PER_MINUTE: '1000',
	};
	const world = {
		postgres,
		nats,
		publicKey: keys.publicKey,
		logger,
		log,
		secrets,
		settings: (overrides: Environment = {}) => config.load({ ...environment, ...overrides }),
		async startGateway(overrides: Environment = {}, replacements: Replacements = {}) {
			const stopping = new AbortController();
			const app: App = await createApp(
				world.settings(overrides),
				{ logger, signal: stopping.signal },
				replacements,
			);
			const stack = new AsyncDisposableStack();
			stack.use(app);
			const gateway = {
				url: `http://localhost:${app.port}`,
				[Symbol.asyncDispose]: () => stack.disposeAsync(),
			};
			built.use(gateway);
			return gateway;
		},
		async sql(text: string) {
			await using database = openDatabase<Record<string, never>>({
				url: environment.DATABASE_URL,
				schema: role.schema,
				logger,
				applicationName: 'test',
			});
			const { rows } = await sql.raw<Record<string, unknown>>(text).execute(database.db);
			return rows;
		},
		async connect(service: string) {
			return built.use(await connectBus({ url: nats.url, ...harness, service, log: logger }));
		},
	};
	const servers = parts.move();
	const built = new AsyncDisposableStack();
	return {
		...world,
		async [Symbol.asyncDispose]() {
			await built.disposeAsync();
			await servers.disposeAsync();
			expect(log.filter((line) => [...secrets].some((secret) => line.includes(secret)))).toEqual([]);
		},
	};
}

function roleUrl(adminUrl: string): string {
	const url = new URL(adminUrl);
	url.username = role.role;
	url.password = role.password;
	return url.href;
}

/** Resolves once the gateway and all that it depends on answer. */
export async function untilReady({ url }: Gateway): Promise<void> {
	await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { timeout: 30_000 });
}
