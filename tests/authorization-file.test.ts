import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@chat-manager/bus';
import { findServer, freePort, programUsers } from '@chat-manager/embedded';
import { expect, it } from 'vitest';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it("nats-server takes the operators' file, with the passwords from its environment", async () => {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-authorization-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	await cp(new URL('../infra/nats/', import.meta.url), folder, { recursive: true });
	const port = await freePort();
	await writeFile(join(folder, 'nats.conf'), `listen: 127.0.0.1:${port}\ninclude ./authorization.conf\n`);
	const users = await programUsers((user) => `secret-of-${user}`);
	const passwords = users.map(({ user, password }) => [`NATS_PASSWORD_${user.toUpperCase()}`, password]);
	const server = spawn(await findServer({ logger: log }), ['-c', join(folder, 'nats.conf')], {
		env: Object.fromEntries(passwords),
		stdio: 'ignore',
	});
	const exited = once(server, 'exit');
	cleanup.defer(async () => {
		server.kill();
		await exited;
	});
	const url = `nats://127.0.0.1:${port}`;
	for (const { user, password } of users) {
		const login = { url, service: user, log, user };
		await using bus = await connectBus({ ...login, password });
		await bus.nats.flush();
		await expect(connectBus({ ...login, password: 'another' })).rejects.toThrow(/^NATS refuses this user/);
	}
});
