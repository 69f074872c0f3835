import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	type BusEvent,
	connectBus,
	ensureEventStream,
	publishEvent,
	subscriberPermissions,
} from '@chat-manager/bus';
import { startNats } from '@chat-manager/embedded';
import { expect, it } from 'vitest';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const all = { user: 'test', password: 'test' };
const welcome = {
	user: 'welcome',
	password: 'secret',
	permissions: subscriberPermissions('welcome', 'member.joined'),
};

it('reads its kind of event with the permissions that are made for it, and goes on after a restart', async () => {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-example-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const nats = cleanup.use(await startNats({ dataDir, auth: { users: [all, welcome] }, logger: silent }));
	const bus = cleanup.use(await connectBus({ url: nats.url, ...all, service: 'test', log: silent }));
	await ensureEventStream(bus);

	const first = start(nats.url);
	await expect.poll(first.lines).toContain('listening');
	await publishEvent(bus, joined('1', 'Ana'));
	await publishEvent(bus, { ...joined('2', 'Berta'), type: 'member.left' });
	await expect.poll(first.lines).toContain('Welcome to 120363025246125486@g.us, Ana!');
	first.child.kill('SIGTERM');
	expect(await first.exited).toEqual([0, null]);
	// NATS may learn of that a moment later, and would give the next event to who is gone.
	const manager = await bus.jetStream.jetstreamManager();
	await expect.poll(async () => (await manager.consumers.info('EVENTS', 'welcome')).num_waiting).toBe(0);

	await publishEvent(bus, joined('3', 'Carla'));
	const second = start(nats.url);
	await expect.poll(second.lines).toContain('Welcome to 120363025246125486@g.us, Carla!');
	second.child.kill('SIGTERM');
	await second.exited;
	expect([...first.lines(), ...second.lines()].filter((line) => /Welcome/.test(line))).toHaveLength(2);
});

function joined(id: string, name: string): BusEvent<'member.joined'> {
	return {
		id,
		type: 'member.joined',
		at: new Date().toISOString(),
		userId: 'u1',
		groupJid: '120363025246125486@g.us',
		data: { member: { jid: '98765432101234@lid', name, phone: null }, by: null, how: 'unknown' },
	};
}

function start(url: string) {
	let output = '';
	const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
		env: { NATS_URL: url, NATS_PASSWORD: welcome.password },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	child.stdout?.on('data', (chunk: Buffer) => {
		output += chunk.toString();
	});
	return { child, lines: () => output.split('\n'), exited: once(child, 'close') };
}
