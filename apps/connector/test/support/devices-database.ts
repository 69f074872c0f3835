import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapDatabase, type Database, migrate, openDatabase } from '@chat-manager/database';
import { startPostgres } from '@chat-manager/embedded';
import { migrations } from '../../src/database/migrations.ts';
import type { Tables } from '../../src/database/tables.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const schema = 'devices';

/** A Postgres of its own with the connector's schema, as the connector's own role sees it. */
export async function startDevicesDatabase(): Promise<AsyncDisposable & Database<Tables>> {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-devices-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const options = { dataDir: join(dataDir, 'postgres'), password: 'secret', logger: silent, durable: false };
	const { adminUrl } = cleanup.use(await startPostgres(options));
	await bootstrapDatabase({ adminUrl, services: [{ schema, role: schema, password: 'pw' }] });
	const url = new URL(adminUrl);
	url.username = schema;
	url.password = 'pw';
	const database = cleanup.use(
		openDatabase<Tables>({ url: url.href, schema, logger: silent, applicationName: 'test' }),
	);
	await migrate(database.db, { schema, migrations, logger: silent });
	const stack = cleanup.move();
	return { ...database, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
