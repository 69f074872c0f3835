import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { freePort } from '../src/free-port.ts';
import { startPostgres } from '../src/postgres/start-postgres.ts';
import { StartError } from '../src/start-error.ts';
import { leaveOrphan } from './leave-orphan.ts';
import { scratchFolder, silent } from './scratch-folder.ts';

const password = 'secret';
const fast = { password, logger: silent, durable: false };

test('committed rows survive kill -9, also of a server busy with others', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	await using postgres = await startPostgres({ dataDir, password, logger: silent });
	await query(postgres.adminUrl, 'create table notes (id int)');
	const busy = query(postgres.adminUrl, 'select count(*) from generate_series(1, 1000000000)').catch(
		() => 'ended',
	);
	for (let round = 1; round <= 3; round++) {
		await query(postgres.adminUrl, `insert into notes values (${round})`);
		const before = postgres.pid;
		await postgres.kill();
		await postgres.restart();
		expect(postgres.pid).not.toBe(before);
		expect(await query(postgres.adminUrl, 'select count(*)::int as n from notes')).toEqual([{ n: round }]);
	}
	expect(await busy).toBe('ended');
});

test('data stays from run to run, and the password of the settings is the one that holds', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	{
		await using first = await startPostgres({ ...fast, dataDir });
		await query(first.adminUrl, 'create table kept ()');
	}
	const odd = `n'e"w\\ %`;
	await using second = await startPostgres({ ...fast, dataDir, password: odd });
	expect(await query(second.adminUrl, 'select * from kept')).toEqual([]);
	const wrong = second.adminUrl.replace(encodeURIComponent(odd), password);
	await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
	expect(await query(second.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
	const lines = (await readFile(join(dataDir, 'pg_hba.conf'), 'utf8')).match(/^(local|host).*$/gm) ?? [];
	expect(lines.length).toBeGreaterThan(0);
	for (const line of lines) expect(line).toMatch(/scram-sha-256$/);
	expect(await readdir(folder.path)).toEqual(['postgres', 'postgres.lock']);
});

test('a server that outlived its supervisor is ended and its data used', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	const orphan = await leaveOrphan('postgres', dataDir);
	await using postgres = await startPostgres({ ...fast, dataDir });
	expect(postgres.pid).not.toBe(orphan);
	await query(postgres.adminUrl, 'select 1');
});

test('a stale postmaster.pid is no obstacle: a number given to another process, or no content at all', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	await (await startPostgres({ ...fast, dataDir }))[Symbol.asyncDispose]();
	const { uid, gid } = await stat(dataDir);
	const other = spawn('sleep', ['1000'], { uid, gid });
	await once(other, 'spawn');
	try {
		for (const content of [`${other.pid}\n${dataDir}\n1700000000\n5432\n\n127.0.0.1\n`, '']) {
			await writeFile(join(dataDir, 'postmaster.pid'), content);
			await using postgres = await startPostgres({ ...fast, dataDir });
			await query(postgres.adminUrl, 'select 1');
		}
		expect(other.exitCode).toBeNull();
	} finally {
		other.kill('SIGKILL');
	}
});

test('a first start that was killed halfway is begun anew', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	await mkdir(join(folder.path, 'postgres.new', 'base'), { recursive: true });
	await writeFile(join(folder.path, 'postgres.lock'), '999999999 1\n');
	await using postgres = await startPostgres({ ...fast, dataDir });
	await query(postgres.adminUrl, 'select 1');
});

test('a busy port is one sentence, and the next start is not in its way', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	const port = await freePort();
	const other = createServer().listen(port, '127.0.0.1');
	await once(other, 'listening');
	await expect(startPostgres({ ...fast, dataDir, port })).rejects.toThrow(
		new StartError(
			`Postgres cannot use port ${port}: another program listens on it; end that program or choose another port.`,
		),
	);
	other.close();
	await once(other, 'close');
	await using postgres = await startPostgres({ ...fast, dataDir, port });
	expect(postgres.port).toBe(port);
});

test('a folder that cannot be made is one sentence', async () => {
	await using folder = await scratchFolder();
	await writeFile(join(folder.path, 'file'), '');
	const dataDir = join(folder.path, 'file', 'below', 'postgres');
	await expect(startPostgres({ ...fast, dataDir })).rejects.toThrow(
		new StartError(
			`The folder ${join(folder.path, 'file', 'below')} cannot be made: something on the way to it is a file, not a folder.`,
		),
	);
});

test('data of another major version is one sentence and stays untouched', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	await mkdir(dataDir);
	await writeFile(join(dataDir, 'PG_VERSION'), '12\n');
	await expect(startPostgres({ ...fast, dataDir })).rejects.toThrow(
		/was made by Postgres 12, and this is Postgres \d+/,
	);
	expect(await readdir(folder.path)).toEqual(['postgres']);
});

test('one folder has one server', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'postgres');
	await using postgres = await startPostgres({ ...fast, dataDir });
	await expect(startPostgres({ ...fast, dataDir })).rejects.toThrow(`is in use by process ${process.pid}`);
	await query(postgres.adminUrl, 'select 1');
});

async function query(connectionString: string, text: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return (await client.query(text)).rows;
	} finally {
		await client.end();
	}
}
