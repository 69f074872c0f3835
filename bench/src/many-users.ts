import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { connectBus, consumeEvents } from '@chat-manager/bus';
import { importDevices } from '@chat-manager/connector/import-devices';
import { askSimulator, createLinkedUsers, createSimulatedPerson, type System } from '@chat-manager/dev-env';
import { z } from 'zod';
import { type Bench, figure } from './figure.ts';
import { cpuMs, residentKb } from './process-cost.ts';
import { countOnline, startConnectors, until } from './system.ts';

const few = 50;
const many = 2_000;
/** Users that are in a starred group; all others are idle. */
const active = 4;
const messages = 250;
const stockSockets = 300;
/** Until what was left over from logging in is collected. */
const settleMs = 30_000;
const author = '15550000003';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const manyUsers: Bench = {
	name: 'many-users',
	summary: `${many} linked users in one connector: memory for an idle one beside a stock Baileys socket with keys in memory, and the cost of a message beside that at ${few}`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const system = await startConnectors(cleanup);
		const stock = cleanup.use(startStockSockets(system));
		await stock.opened(0);
		const pid = system.service('connector').pid() ?? 0;
		const bare = { ours: await residentKb(pid), stock: await residentKb(stock.pid) };

		const load = await openLoad(system, cleanup);
		await createLinkedUsers(system, importDevices, { count: few - active, preKeys: 10 });
		await until(`${few} users are online`, async () => (await countOnline(system)) === few);
		await load.send(30);
		const atFew = await load.costMs(pid);
		report(`at ${few} users: ${atFew.toFixed(2)} ms CPU for a message`);

		await openStockSockets(system, stock);
		await createLinkedUsers(system, importDevices, { count: many - few, preKeys: 10 });
		await until(`${many} users are online`, async () => (await countOnline(system)) === many + stockSockets);
		await load.send(30);
		const atMany = await load.costMs(pid);
		report(`at ${many} users: ${atMany.toFixed(2)} ms CPU for a message`);
		await delay(settleMs);
		const ours = (((await residentKb(pid)) - bare.ours) / many) | 0;
		const theirs = (((await residentKb(stock.pid)) - bare.stock) / stockSockets) | 0;
		report(
			`memory: ${ours} KB for each of ${many} users, ${theirs} KB for each of ${stockSockets} stock sockets`,
		);
		return [
			figure({
				name: 'idle-memory',
				value: ours,
				limit: theirs,
				unit: 'KB an idle user',
				target: { compare: '<=', ratio: 1.2 },
			}),
			figure({
				name: 'cost-at-2000',
				value: atMany,
				limit: atFew,
				unit: 'ms CPU a message',
				target: { compare: '<=', ratio: 1.3 },
			}),
		];
	},
};

/** A group of the active users and an author, and what its messages cost. */
async function openLoad(system: System, cleanup: AsyncDisposableStack) {
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
	await askSimulator(system, '/admin/accounts', { phone: author });
	const group = { by: author, subject: 'Bench', participants: [] };
	const { id: jid } = z.object({ id: z.string() }).parse(await askSimulator(system, '/admin/groups', group));
	const users = await createLinkedUsers(system, importDevices, { count: active, preKeys: 20, groups: [jid] });
	for (const { userId } of users) {
		const person = createSimulatedPerson(system, bus, userId);
		await person.connected();
		await person.holder.groups.star({ jid }, person.caller());
	}
	async function send(count: number): Promise<void> {
		const wanted = captured + count * active;
		for (let index = 0; index < count; index++) {
			const text = `Message ${index} of the benchmark`;
			await askSimulator(system, '/admin/messages', { from: author, to: jid, text });
		}
		await until('all messages are captured', async () => captured >= wanted);
	}
	return {
		send,
		/** For each message and user that captures it. */
		async costMs(pid: number): Promise<number> {
			const before = await cpuMs(pid);
			await send(messages);
			return ((await cpuMs(pid)) - before) / (messages * active);
		},
	};
}

type StockSockets = ReturnType<typeof startStockSockets>;

function startStockSockets(system: System) {
	const wsUrl = `${system.emulatorUrl.replace('http', 'ws')}/ws/chat`;
	const child = fork(new URL('./stock-sockets.ts', import.meta.url), [wsUrl], {
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	let open = -1;
	child.on('message', (message) => {
		open = z.object({ open: z.number() }).parse(message).open;
	});
	return {
		pid: child.pid ?? 0,
		add: (auth: object) => void child.send(JSON.stringify(auth)),
		opened: (count: number) => until(`${count} stock sockets are open`, async () => open >= count),
		[Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
	};
}

/** Linked devices like those of the users, with the same number of keys. */
async function openStockSockets(system: System, stock: StockSockets): Promise<void> {
	let added = 0;
	const take = async (_options: object, devices: AsyncIterable<{ auth: object }>) => {
		for await (const { auth } of devices) {
			stock.add(auth);
			added++;
			await stock.opened(added - 8); // A few at a time, as the connector does it.
		}
	};
	await createLinkedUsers(system, take, { count: stockSockets, preKeys: 10 });
	await stock.opened(stockSockets);
}
