import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@chat-manager/embedded';
import { bootstrapDatabase, type Database, type Log, openDatabase } from '../src/index.ts';

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

export type TestPostgres = AsyncDisposable & {
	readonly adminUrl: string;
	readonly port: number;
	kill(): Promise<void>;
	restart(): Promise<void>;
	/** As the superuser. */
	asAdmin(): Database<unknown>;
	/** As a role of its own, with a schema of that name. */
	asService(name: string, options?: { poolSize?: number; logger?: Log }): Promise<Database<unknown>>;
};

/** A real Postgres for one test file. */
export async function createTestPostgres(options: { durable?: boolean } = {}): Promise<TestPostgres> {
	const folder = await mkdtemp(join(tmpdir(), 'chat-manager-'));
	await using cleanup = new AsyncDisposableStack();
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const dataDir = join(folder, 'postgres');
	const server = cleanup.use(
		await startPostgres({ dataDir, password: 'secret', logger: silent, durable: options.durable ?? false }),
	);
	const { adminUrl, port } = server;
	const held = cleanup.move();
	return {
		adminUrl,
		port,
		kill: () => server.kill(),
		restart: () => server.restart(),
		asAdmin: () => openDatabase({ url: adminUrl, schema: 'public', logger: silent, applicationName: 'test' }),
		async asService(name, { poolSize = 4, logger = silent } = {}) {
			await bootstrapDatabase({ adminUrl, services: [{ schema: name, role: name, password: 'pw' }] });
			return openDatabase({
				url: urlOf({ port, user: name }),
				schema: name,
				poolSize,
				logger,
				applicationName: 'test',
			});
		},
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

export function urlOf({
	port,
	user,
	password = 'pw',
}: {
	port: number;
	user: string;
	password?: string;
}): string {
	return `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
}
