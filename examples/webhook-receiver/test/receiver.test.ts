import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, createClient } from '@chat-manager/bus';
import { createSimulatedPerson, startSystem } from '@chat-manager/dev-env';
import { expect, it } from 'vitest';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('takes what is signed, once, and refuses anything else', async () => {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-example-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
	const system = cleanup.use(await startSystem({ dataDir, log: silent, services: ['webhooks'], settings }));
	const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
	const bus = cleanup.use(await connectBus({ url, service: 'test', log: silent, user, password }));
	const person = createSimulatedPerson(system, bus, 'ana');
	const { webhooks, deliveries } = createClient(bus, 'webhooks');

	const { id, secret } = await webhooks.add({ url: 'http://127.0.0.1:9/' }, person.caller());
	const receiver = start(secret);
	cleanup.defer(() => void receiver.child.kill('SIGKILL'));
	await expect.poll(receiver.output).toContain('listening');
	const { port } = JSON.parse(/listening (.*)/.exec(receiver.output())?.[1] ?? '{}');
	const address = `http://127.0.0.1:${port}/`;
	await webhooks.update({ id, url: address }, person.caller());
	await webhooks.test({ id }, person.caller());
	const taken = () => receiver.output().match(/webhook\.test/g) ?? [];
	await expect.poll(taken).toHaveLength(1);

	const delivered = async () =>
		(await deliveries.list({ webhookId: id, limit: 1 }, person.caller())).deliveries.at(0);
	await expect.poll(async () => (await delivered())?.state).toBe('delivered');
	await deliveries.resend({ id: (await delivered())?.id ?? '' }, person.caller());
	await expect.poll(async () => (await delivered())?.attempts).toBe(2);
	expect(taken()).toHaveLength(1);
	const forged = await fetch(address, { method: 'POST', body: '{"id":"x","type":"webhook.test"}' });
	expect(forged.status).toBe(401);
	receiver.child.kill('SIGTERM');
	expect(await receiver.exited).toEqual([0, null]);
	expect(taken()).toHaveLength(1);
});

function start(secret: string) {
	let output = '';
	const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
		env: { WEBHOOK_SECRET: secret, PORT: '0' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	child.stdout?.on('data', (chunk: Buffer) => {
		output += chunk.toString();
	});
	return { child, output: () => output, exited: once(child, 'close') };
}
