import { once } from 'node:events';
import { cp, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../src/free-port.ts';
import { findServer } from '../src/nats/find-server.ts';
import { installServer } from '../src/nats/install-server.ts';
import { startNats } from '../src/nats/start-nats.ts';
import { processIdentity } from '../src/running-process.ts';
import { StartError } from '../src/start-error.ts';
import { leaveOrphan } from './leave-orphan.ts';
import { connectNats } from './nats-client.ts';
import { scratchFolder, silent } from './scratch-folder.ts';

test('acknowledged messages of a stream survive kill -9', async () => {
	await using folder = await scratchFolder();
	await using nats = await startNats({ dataDir: join(folder.path, 'nats'), logger: silent });
	{
		using client = await connectNats(nats.port);
		await client.request('$JS.API.STREAM.CREATE.EVENTS', {
			name: 'EVENTS',
			subjects: ['event.>'],
			storage: 'file',
			retention: 'limits',
			discard: 'old',
			num_replicas: 1,
		});
	}
	for (let round = 1; round <= 3; round++) {
		using client = await connectNats(nats.port);
		for (let index = 1; index <= 100; index++) {
			const seq = (round - 1) * 100 + index;
			expect(await client.request('event.x', { seq })).toEqual({ stream: 'EVENTS', seq });
		}
		await nats.kill();
		await nats.restart();
		using again = await connectNats(nats.port);
		const info = await again.request('$JS.API.STREAM.INFO.EVENTS');
		expect(info).toMatchObject({ state: { messages: round * 100, last_seq: round * 100 } });
	}
});

test('who may connect, and what they may do, is in the options', async () => {
	await using folder = await scratchFolder();
	const storage = {
		user: 'storage',
		password: 'p"a$s\\s',
		permissions: { publish: ['event.>', '_INBOX.>'] },
	};
	{
		await using nats = await startNats({
			dataDir: join(folder.path, 'nats'),
			auth: { users: [storage] },
			logger: silent,
		});
		await expect(connectNats(nats.port)).rejects.toThrow('Authorization Violation');
		using client = await connectNats(nats.port, { user: storage.user, pass: storage.password });
		await expect(client.request('other.x')).rejects.toThrow('Permissions Violation');
		expect((await stat(join(folder.path, 'nats', 'nats.conf'))).mode & 0o077).toBe(0);
	}
	await using nats = await startNats({
		dataDir: join(folder.path, 'nats'),
		auth: { token: 'the-token' },
		logger: silent,
	});
	expect(nats.url).toBe(`nats://127.0.0.1:${nats.port}`);
	await expect(connectNats(nats.port, { auth_token: 'another' })).rejects.toThrow('Authorization Violation');
	using _client = await connectNats(nats.port, { auth_token: 'the-token' });
});

test('a server that outlived its supervisor is ended and its streams used', async () => {
	await using folder = await scratchFolder();
	const dataDir = join(folder.path, 'nats');
	const orphan = await leaveOrphan('nats', dataDir);
	await using nats = await startNats({ dataDir, logger: silent });
	expect(nats.pid).not.toBe(orphan);
	expect(await processIdentity(orphan)).toBeUndefined();
});

test('a busy port is one sentence', async () => {
	await using folder = await scratchFolder();
	const port = await freePort();
	const other = createServer().listen(port, '127.0.0.1');
	await once(other, 'listening');
	await expect(startNats({ dataDir: join(folder.path, 'nats'), port, logger: silent })).rejects.toThrow(
		new StartError(
			`NATS cannot use port ${port}: another program listens on it; end that program or choose another port.`,
		),
	);
	other.close();
});

test('a folder that cannot be made is one sentence, and one folder has one server', async () => {
	await using folder = await scratchFolder();
	await writeFile(join(folder.path, 'file'), '');
	await expect(startNats({ dataDir: join(folder.path, 'file'), logger: silent })).rejects.toThrow(
		new StartError(`The folder ${join(folder.path, 'file')} cannot be made: there is a file of that name.`),
	);
	const dataDir = join(folder.path, 'nats');
	await using _nats = await startNats({ dataDir, logger: silent });
	await expect(startNats({ dataDir, logger: silent })).rejects.toThrow(`is in use by process ${process.pid}`);
});

test('without a server for this platform the sentence says how to get one', async () => {
	const missing = { logger: silent, program: 'no-such-nats-server', platform: 'darwin-arm64' };
	await expect(findServer(missing)).rejects.toThrow(
		/^NATS is not installed: install nats-server 2\.10 or newer .*NATS_URL/,
	);
	await using folder = await scratchFolder();
	const program = join(folder.path, 'nats-server');
	await writeFile(program, '#!/bin/sh\necho "nats-server: v2.9.25"\n', { mode: 0o755 });
	await expect(findServer({ ...missing, program })).rejects.toThrow(
		/^The nats-server on the PATH is too old \(2\.9\.25\)/,
	);
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
	'two processes that install the server at once both have it',
	async () => {
		await using folder = await scratchFolder();
		const locked = join(import.meta.dirname, '..', 'nats-server');
		for (const file of ['package.json', 'package-lock.json'])
			await cp(join(locked, file), join(folder.path, file));
		const install = () => installServer({ logger: silent, folder: folder.path });
		const [one, two] = await Promise.all([install(), install()]);
		expect(one).toBe(two);
		expect(await findServer({ logger: silent, program: one })).toBe(one);
		expect(await readdir(join(folder.path, 'node_modules'))).toEqual(['@eplightning']);
	},
);
