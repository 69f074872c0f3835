import { createServer } from 'node:net';
import { connectBus } from '@chat-manager/bus';
import { createSimulatedPerson, type System } from '@chat-manager/dev-env';
import { type Bench, figure } from './figure.ts';
import { startConnectors } from './system.ts';

/** Users that link at the same time, a few times over. */
const atOnce = 4;
const rounds = 3;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A process that is stalled answers nobody: how long its health page takes at worst is how long everybody's messages wait. Asked
 * without a pause while users link, 812 one-time keys each; with our key pairs, and with those of stock libsignal.
 */
export const linkStall: Bench = {
	name: 'link-stall',
	summary: `the longest pause of a connector while ${atOnce} users link at once, beside the same with stock cryptography`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const system = await startConnectors(cleanup);
		const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
		const bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
		const connector = system.service('connector');
		const port = await freePort();
		let linked = 0;

		async function longestPauseMs(curve: 'on' | 'off'): Promise<number> {
			await connector.stop();
			await connector.start({ HEALTH_PORT: String(port), CM_NATIVE_CURVE: curve });
			await link(system, `warm-${curve}`, 1);
			const pauses: number[] = [];
			for (let round = 0; round < rounds; round++) {
				using watch = watchPauses(port);
				await link(system, `${curve}-${round}`, atOnce);
				pauses.push(watch.longestMs());
			}
			report(`${curve === 'on' ? 'ours' : 'stock'}: ${pauses.map((ms) => ms.toFixed(0)).join(', ')} ms`);
			return pauses.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
		}

		async function link(on: System, name: string, count: number): Promise<void> {
			await Promise.all(
				Array.from({ length: count }, (_, index) =>
					createSimulatedPerson(on, bus, `${name}-${index}`).link(String(15550100000 + linked++)),
				),
			);
		}

		const limit = await longestPauseMs('off');
		const value = await longestPauseMs('on');
		const target = { compare: '<=', ratio: 1 } as const;
		return [
			figure({ name: 'link-stall', value, limit, unit: 'ms, the longest pause (median of 3)', target }),
		];
	},
};

function watchPauses(port: number) {
	let longestMs = 0;
	let isWatching = true;
	void (async () => {
		while (isWatching) {
			const askedAt = performance.now();
			await fetch(`http://127.0.0.1:${port}/healthz`).then((response) => response.text());
			longestMs = Math.max(longestMs, performance.now() - askedAt);
		}
	})();
	return {
		longestMs: () => longestMs,
		[Symbol.dispose]() {
			isWatching = false;
		},
	};
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : 0;
}
