import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGrantKeys } from '@chat-manager/bus';
import { bootstrapDatabase } from '@chat-manager/database';
import { programUsers, startNats, startPostgres } from '@chat-manager/embedded';
import { config, type StorageConfig } from '../../src/config.ts';

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** May do everything; the service has its own user. */
export const harness = { user: 'test', password: 'test' };
const passwordOf = (program: string) => `password-of-${program}`;

/**
 * Real servers for one test file, and the settings with which the service finds them. What a test commits survives the kill
 * of Postgres only if it is `durable`; otherwise it is faster.
 */
export async function startServers({
	durable = false,
	settings = {},
}: {
	durable?: boolean;
	settings?: Record<string, string>;
} = {}) {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-storage-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const postgres = cleanup.use(
		await startPostgres({
			dataDir: join(folder, 'pg'),
			password: 'secret',
			logger: silent,
			durable,
		}),
	);
	const users = [harness, ...(await programUsers(passwordOf))];
	const nats = cleanup.use(
		await startNats({ dataDir: join(folder, 'nats'), auth: { users }, logger: silent }),
	);
	await bootstrapDatabase({
		adminUrl: postgres.adminUrl,
		services: [{ schema: 'chat', role: 'chat', password: 'pw' }],
	});
	const grantKeys = createGrantKeys();
	const values: StorageConfig = config.load({
		DATABASE_URL: `postgres://chat:pw@127.0.0.1:${postgres.port}/postgres`,
		NATS_URL: nats.url,
		NATS_USER: 'storage',
		NATS_PASSWORD: passwordOf('storage'),
		CM_GRANT_PUBLIC_KEY: grantKeys.publicKey,
		CM_MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}`,
		...settings,
	});
	const held = cleanup.move();
	return { postgres, nats, values, grantKeys, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

export type Servers = Awaited<ReturnType<typeof startServers>>;
