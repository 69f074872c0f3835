import { mkdir, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, openConnection, quoteName, serviceSchemas } from '@chat-manager/database';
import { startPostgres } from '@chat-manager/embedded';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyIn } from '../src/database/copy-in.ts';
import { copyOut } from '../src/database/copy-out.ts';
import { readLines, verifyStored, writeStored } from '../src/files/stored-files.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const schema = serviceSchemas.storage;
let folder: string;
let connection: Connection;
const cleanup = new AsyncDisposableStack();
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cm-round-trip-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const dataDir = join(folder, 'postgres');
	const postgres = cleanup.use(
		await startPostgres({ dataDir, password: 'secret', logger: silent, durable: false }),
	);
	connection = cleanup.use(await openConnection({ url: postgres.adminUrl, applicationName: 'test' }));
});
afterAll(() => cleanup.disposeAsync());

/** Every type of column that a service has, and what breaks formats of lines. */
const tables = `
	create table parents (id text primary key);
	create table children (
		id bigint generated always as identity primary key,
		parent text not null references parents,
		doubled bigint generated always as (id * 2) stored,
		bytes bytea, texts text[], numbers bigint[], at timestamptz, yes boolean, big bigint, "Mixed" text
	);
	create table data_keys (user_id text primary key, wrapped bytea not null);
	create table migrations (name text primary key)`;

async function makeTables(): Promise<void> {
	await connection.query(`create schema ${quoteName(schema)}`);
	await connection.query(`set search_path = ${quoteName(schema)}`);
	await connection.query(tables);
}

const rows = () =>
	connection.query(
		'select to_jsonb(c)::text as row, encode(bytes, $1) as bytes from children c order by id',
		['hex'],
	);

it('every value comes back as it was, tables after those that they refer to, and numbers go on', async () => {
	await makeTables();
	await connection.query("insert into migrations values ('0001-all')");
	for (const id of ['\\N', 'a\tb\nc\\d\r', '😀', '']) {
		await connection.query('insert into parents values ($1)', [id]);
		await connection.query(
			`insert into children (parent, bytes, texts, numbers, at, yes, big, "Mixed")
			values ($1, $2, $3, $4, $5, true, 9007199254740993, null), ($1, null, null, null, '-infinity', false, 1, $1)`,
			[id, Buffer.from([0, 10, 13, 92, 255]), [id, '', 'NULL'], ['1', '2'], '2026-11-28T00:00:00.123456+02'],
		);
	}
	const wrapped = (name: string) => Buffer.from([name.length, ...Buffer.from(name), 1, 2, 3]);
	for (const [user, name] of [
		['u1', 'k1'],
		['u2', 'k1'],
		['u3', 'k22'],
	] as const)
		await connection.query('insert into data_keys values ($1, $2)', [user, wrapped(name)]);
	const before = await rows();
	expect(before).toHaveLength(8);
	const copies = join(folder, 'copies');
	await mkdir(copies);
	const data = await copyOut(connection, { service: 'storage', folder: copies });
	expect(data.tables.map(({ name, rows: count }) => [name, count])).toEqual([
		['data_keys', 3],
		['parents', 4],
		['children', 8],
	]);
	expect(data.migrations).toEqual(['0001-all']);
	expect(data.wrappedKeys.map(({ wrapped: key }) => Buffer.from(key, 'base64'))).toEqual([
		wrapped('k1'),
		wrapped('k22'),
	]);

	await connection.query(`drop schema ${quoteName(schema)} cascade`);
	await makeTables();
	await copyIn(connection, copies, data);
	expect(await rows()).toEqual(before);
	const [next] = await connection.query("insert into children (parent) values ('') returning id, doubled");
	expect(next).toEqual({ id: '9', doubled: '18' });
});

it('a file is what was written, or it is said what is wrong with it', async () => {
	const written = Array.from({ length: 50_000 }, (_, index) => `${index} ${'x'.repeat(index % 50)}\n`);
	const { lines, ...stored } = await writeStored(folder, 'lines.gz', source(written));
	expect(lines).toBe(written.length);
	await verifyStored(folder, stored);
	const read: string[] = [];
	for await (const line of readLines(folder, stored)) read.push(`${line}\n`);
	expect(read).toEqual(written);
	await truncate(join(folder, 'lines.gz'), stored.bytes - 1);
	await expect(verifyStored(folder, stored)).rejects.toThrow('lines.gz of the backup is cut off');
	await expect(writeStored(folder, 'lines.gz', source(written))).rejects.toThrow('EEXIST');
});

async function* source(lines: readonly string[]): AsyncGenerator<string> {
	yield* lines;
}
