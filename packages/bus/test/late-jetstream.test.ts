import { spawn } from 'node:child_process';
import { findServer } from '@chat-manager/embedded';
import { expect, it } from 'vitest';
import { consumeEvents, publishEvent } from '../src/index.ts';
import { deviceEvent, startBus } from './support.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The same server without JetStream, as one of a cluster is that has no leader yet. */
async function startPlain(port: number) {
	const command = await findServer({ logger: silent });
	const server = spawn(command, ['--addr', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
	const ended = new Promise((resolve) => server.once('close', resolve));
	return {
		async [Symbol.asyncDispose]() {
			server.kill('SIGKILL');
			await ended;
		},
	};
}

it('goes on soon after NATS came back before its JetStream did', async () => {
	await using net = await startBus();
	const got: string[] = [];
	const consuming = await consumeEvents(net.bus, {
		durable: 'late',
		types: ['device.connected'],
		handle: async (batch) => void got.push(...batch.map(({ id }) => id)),
	});
	const publish = (id: string) => publishEvent(net.bus, deviceEvent(id));
	await publish('before');
	await expect.poll(() => got).toEqual(['before']);
	await net.nats.kill();
	await expect.poll(() => net.bus.isConnected()).toBe(false);
	{
		await using _plain = await startPlain(net.nats.port);
		await expect.poll(() => net.bus.isConnected()).toBe(true);
		// The consumer asked before us, on the same connection, and was told so too.
		await expect(net.bus.nats.request('$JS.API.INFO', '')).rejects.toMatchObject({ code: '503' });
	}
	await net.nats.restart();
	await expect.poll(() => net.bus.isConnected()).toBe(true);
	await publish('after');
	await expect.poll(() => got, { timeout: 20_000 }).toEqual(['before', 'after']);
	await consuming.stop();
});
