import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectBus, createClient } from '@chat-manager/bus';
import { askSimulator, createSimulatedPerson, startSystem } from '@chat-manager/dev-env';
import { z } from 'zod';
import { type Bench, figure } from './figure.ts';
import { quantile } from './median.ts';
import { startReceiver } from './receiver.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const perSecond = 100;
const seconds = 30;
const warmUp = 200;
const [ours, author] = ['15550000001', '15550000003'];

/** Each message says when it was written; the receiver compares that with its own clock, which is the same machine's. */
export const webhookLatency: Bench = {
	name: 'webhook-latency',
	summary: `From a message on the wire to the first attempt at a webhook, ${perSecond} messages a second`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
		cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
		const system = cleanup.use(
			await startSystem({
				dataDir,
				log: silent,
				services: ['emulator', 'connector', 'storage', 'webhooks'],
				settings: { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } },
			}),
		);
		const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
		const bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
		const receiver = cleanup.use(await startReceiver());
		const person = createSimulatedPerson(system, bus, 'bench');
		await person.link(ours);
		await askSimulator(system, '/admin/accounts', { phone: author });
		const made = await askSimulator(system, '/admin/groups', {
			by: ours,
			subject: 'Bench',
			participants: [author],
		});
		const { id: jid } = z.object({ id: z.string() }).parse(made);
		await person.holder.groups.star({ jid }, person.caller());
		const { webhooks } = createClient(bus, 'webhooks');
		await webhooks.add({ url: receiver.url, events: ['message.received'] }, person.caller());

		/** Sends at an even pace, however long the single ones take. */
		async function send(count: number): Promise<void> {
			const startedMs = performance.now();
			const sending: Promise<unknown>[] = [];
			for (let index = 0; index < count; index++) {
				const waitMs = startedMs + (index * 1_000) / perSecond - performance.now();
				if (waitMs > 1) await delay(waitMs);
				const text = `A message, written at ${Date.now()}`;
				sending.push(askSimulator(system, '/admin/messages', { from: author, to: jid, text }));
			}
			await Promise.all(sending);
		}

		const warm = receiver.takeAll(warmUp);
		await send(warmUp);
		await warm;
		const all = receiver.takeAll(perSecond * seconds);
		await send(perSecond * seconds);
		const { agesMs } = await all;
		const [p50, p99] = [quantile(agesMs, 0.5), quantile(agesMs, 0.99)];
		report(`${agesMs.length} messages: p50 ${p50} ms, p99 ${p99} ms, slowest ${Math.max(...agesMs)} ms`);
		const target = { compare: '<=', ratio: 1 } as const;
		return [figure({ name: 'webhook-latency', value: p99, limit: 250, unit: 'ms, p99', target })];
	},
};
