import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, consumeEvents } from '@chat-manager/bus';
import { askSimulator, createSimulatedPerson, type System, startSystem } from '@chat-manager/dev-env';
import { z } from 'zod';
import { type Bench, figure } from './figure.ts';
import { cpuMs } from './process-cost.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Until both are compiled. */
const warmUp = 600;
const messages = 1500;
const ours = '15550000001';
const stock = '15550000002';
const author = '15550000003';

/** Both are members of one group, so both get the same messages of the same author at the same time. */
export const inboundCpu: Bench = {
	name: 'inbound-cpu',
	summary:
		'CPU of a whole connector process for one inbound group message, publish and key commit included, beside stock Baileys',
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
		cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
		const system = cleanup.use(
			await startSystem({ dataDir, log: silent, services: ['emulator', 'connector'] }),
		);
		const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
		const bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
		let captured = 0;
		const consuming = await consumeEvents(bus, {
			durable: 'bench',
			types: ['message.received'],
			handle: async (events) => {
				captured += events.length;
			},
		});
		cleanup.defer(() => consuming.stop());

		const client = cleanup.use(await linkStockClient(system));
		const person = createSimulatedPerson(system, bus, 'bench');
		await person.link(ours);
		await askSimulator(system, '/admin/accounts', { phone: author });
		const made = await askSimulator(system, '/admin/groups', {
			by: ours,
			subject: 'Bench',
			participants: [stock, author],
		});
		const { id: jid } = z.object({ id: z.string() }).parse(made);
		await person.holder.groups.star({ jid }, person.caller());

		const sendAll = async (count: number) => {
			const [oursWanted, stockWanted] = [captured + count, client.count() + count];
			for (let index = 0; index < count; index++) {
				await askSimulator(system, '/admin/messages', {
					from: author,
					to: jid,
					text: `Message ${index} of the benchmark`,
				});
			}
			while (captured < oursWanted || client.count() < stockWanted)
				await new Promise((resolve) => setTimeout(resolve, 20));
		};
		await sendAll(warmUp);
		const connectorPid = system.service('connector').pid() ?? 0;
		const before = [await cpuMs(connectorPid), await cpuMs(client.pid)] as const;
		await sendAll(messages);
		const value = ((await cpuMs(connectorPid)) - before[0]) / messages;
		const limit = ((await cpuMs(client.pid)) - before[1]) / messages;
		report(
			`${messages} messages to both at once: connector ${value.toFixed(2)} ms, stock Baileys ${limit.toFixed(2)} ms each`,
		);
		const target = { compare: '<=', ratio: 1 / 8 } as const;
		return [figure({ name: 'inbound-cpu', value, limit, unit: 'ms CPU a message', target })];
	},
};

const Told = z.object({
	qr: z.string().optional(),
	open: z.boolean().optional(),
	count: z.number().optional(),
});

async function linkStockClient(system: System) {
	const wsUrl = `${system.emulatorUrl.replace('http', 'ws')}/ws/chat`;
	const child = fork(new URL('./stock-client.ts', import.meta.url), [wsUrl], {
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const open = Promise.withResolvers<void>();
	let opened = 0;
	let count = 0;
	child.on('message', (message) => {
		const told = Told.parse(message);
		if (told.count !== undefined) count = told.count;
		if (told.open) open.resolve();
		if (told.qr !== undefined && opened++ === 0) {
			askSimulator(system, `/admin/mock-phone/scan-qr?phone=${stock}`, told.qr, { type: 'text/plain' }).catch(
				open.reject,
			);
		}
	});
	child.once('exit', () => open.reject(new Error('The stock client ended')));
	await open.promise;
	return {
		pid: child.pid ?? 0,
		count: () => count,
		[Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
	};
}
