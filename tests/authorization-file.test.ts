import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@chat-manager/bus';
import { programs } from '@chat-manager/contracts';
import { findServer, freePort } from '@chat-manager/embedded';
import { expect, it } from 'vitest';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it("nats-server takes the operators' file, with the passwords from its environment", async () => {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-authorization-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	await cp(new URL('../infra/nats/', import.meta.url), folder, { recursive: true });
	const port = await freePort();
	await writeFile(join(folder, 'nats.conf'), `listen: 127.0.0.1:${port}\ninclude ./authorization.conf\n`);
	const passwords = programs.map((program) => [
		`NATS_PASSWORD_${program.toUpperCase()}`,
		`secret-of-${program}`,
	]);
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
	for (const program of programs) {
		const login = { url, service: program, log, user: program };
		await using bus = await connectBus({ ...login, password: `secret-of-${program}` });
		await bus.nats.flush();
		await expect(connectBus({ ...login, password: 'another' })).rejects.toThrow(/^NATS refuses this user/);
	}
});
