import { chown, copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@chat-manager/embedded/authority';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapDatabase, openConnection, openDatabase, waitForDatabase } from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres } from './test-postgres.ts';

const cleanup = new AsyncDisposableStack();
afterAll(() => cleanup.disposeAsync());
let postgres: TestPostgres;
let folder: string;
beforeAll(async () => {
	postgres = cleanup.use(await createTestPostgres());
	folder = await mkdtemp(join(tmpdir(), 'cm-postgres-tls-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
});

/** Waits for Postgres with these parameters behind the URL, and tells whether it is asked by TLS. */
async function ask(parameters: string): Promise<unknown> {
	const url = `${postgres.adminUrl}?${parameters}`;
	await using database = openDatabase({ url, schema: 'public', logger: silent, applicationName: 'test' });
	await waitForDatabase(database, { logger: silent, signal: new AbortController().signal });
	const { rows } = await sql<{ ssl: boolean }>`
		select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(database.db);
	return rows[0]?.ssl;
}

/** Commands, which do not wait for Postgres: each way to connect that they have, and what it says. */
async function sayWithoutWaiting(parameters: string): Promise<string[]> {
	const url = `${postgres.adminUrl}?${parameters}`;
	await using database = openDatabase({ url, schema: 'public', logger: silent, applicationName: 'test' });
	const ways = [
		bootstrapDatabase({ adminUrl: url, services: [] }),
		openConnection({ url, applicationName: 'test' }),
		sql`select 1`.execute(database.db),
	];
	return await Promise.all(
		ways.map((way) =>
			way.then(
				() => 'connected',
				(error: Error) => error.message,
			),
		),
	);
}

/** Postgres itself reads the files, so they lie with its data and belong to it. */
async function turnOnTls(identity: { certFile: string; keyFile: string }): Promise<void> {
	await using admin = postgres.asAdmin();
	const { rows } = await sql<{ data_directory: string }>`show data_directory`.execute(admin.db);
	const data = rows[0]?.data_directory ?? '';
	const { uid, gid } = await stat(data);
	for (const [from, to] of [
		[identity.certFile, 'tls.pem'],
		[identity.keyFile, 'tls-key.pem'],
	] as const) {
		await copyFile(from, join(data, to));
		await chown(join(data, to), uid, gid);
	}
	await sql`alter system set ssl_cert_file = 'tls.pem'`.execute(admin.db);
	await sql`alter system set ssl_key_file = 'tls-key.pem'`.execute(admin.db);
	await sql`alter system set ssl = on`.execute(admin.db);
	await sql`select pg_reload_conf()`.execute(admin.db);
}

test('speaks TLS with a Postgres whose authority stands in the URL, and says what does not fit', async () => {
	const [ours, theirs] = [await createAuthority(folder, 'ours'), await createAuthority(folder, 'theirs')];
	const trusting = (caFile: string) => `sslmode=verify-full&sslrootcert=${caFile}`;
	await expect(ask(trusting(ours.caFile))).rejects.toThrow(/^Postgres does not speak TLS/);

	await turnOnTls(await ours.sign('postgres', 'serverAuth', ['127.0.0.1']));
	await expect.poll(() => ask(trusting(ours.caFile)).catch(String)).toBe(true);
	await expect(ask(trusting(theirs.caFile))).rejects.toThrow(
		/^The certificate of Postgres was not signed by the authority in sslrootcert/,
	);
	const notSigned = expect.stringMatching(/^The certificate of Postgres was not signed by/);
	expect(await sayWithoutWaiting(trusting(theirs.caFile))).toEqual([notSigned, notSigned, notSigned]);

	await turnOnTls(await ours.sign('elsewhere', 'serverAuth', ['postgres.example.com']));
	await expect
		.poll(() => ask(trusting(ours.caFile)).catch((error: Error) => error.message))
		.toMatch(/^The certificate of Postgres is not made out to the name/);
});
