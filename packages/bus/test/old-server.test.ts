import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { connectBus } from '../src/index.ts';
import { startBus } from './support.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('ends with a sentence where NATS is too old, before anything is asked of it', async () => {
	await using cleanup = new AsyncDisposableStack();
	const { nats } = cleanup.use(await startBus());
	for (const version of ['2.9.10', '1.4.1']) {
		const url = await inFrontOf(nats.port, version, cleanup);
		await expect(connectBus({ url, service: 'test', log: silent })).rejects.toThrow(
			`NATS is too old (${version}): it must be 2.10 or newer.`,
		);
	}
	const url = await inFrontOf(nats.port, '2.10.0', cleanup);
	const bus = cleanup.use(await connectBus({ url, service: 'test', log: silent }));
	expect(bus.nats.info).toMatchObject({ version: '2.10.0' });
	await bus.nats.flush();
});

/** The same server, that says of itself that it is of another version. */
async function inFrontOf(port: number, version: string, cleanup: AsyncDisposableStack): Promise<string> {
	const front = createServer((client) => {
		const server = connect(port, '127.0.0.1');
		server.on('data', (bytes) => {
			const said = bytes.toString('latin1').replace(/"version":"[^"]*"/, `"version":"${version}"`);
			client.write(said, 'latin1');
		});
		client.pipe(server);
		for (const [one, other] of [
			[client, server],
			[server, client],
		] as const) {
			one.on('error', () => other.destroy());
			one.on('close', () => other.destroy());
		}
	});
	front.listen(0, '127.0.0.1');
	await once(front, 'listening');
	cleanup.defer(() => void front.close());
	const address = front.address();
	if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
	return `nats://127.0.0.1:${address.port}`;
}
