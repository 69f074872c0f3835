import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { importDevices } from '@chat-manager/connector/import-devices';
import { createLinkedUsers, type System } from '@chat-manager/dev-env';
import { z } from 'zod';
import { openActiveGroup } from './active-group.ts';
import { type Bench, type Figure, figure } from './figure.ts';
import { cpuMs, residentKb } from './process-cost.ts';
import { countOnline, startConnectors, until } from './system.ts';

const few = 50;
/** On the way to so many, to show how it grows. */
const steps = [100, 500, 1_000];
const many = 2_000;
/** Users that are in a starred group; all others are idle. */
const active = 4;
const messages = 250;
const stockSockets = 300;
/** Until what was left over from logging in is collected. */
const settleMs = 30_000;

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

		const group = await openActiveGroup(system, cleanup, { users: active });
		let users = active;
		let others = 0;
		/** Adds idle users up to so many; then what a message costs, for each user that captures it. */
		async function costAt(count: number): Promise<number> {
			await createLinkedUsers(system, importDevices, { count: count - users, preKeys: 10 });
			users = count;
			await until(`${count} users are online`, async () => (await countOnline(system)) === count + others);
			await group.send(30);
			const before = await cpuMs(pid);
			await group.send(messages);
			const cost = ((await cpuMs(pid)) - before) / (messages * active);
			report(`at ${count} users: ${cost.toFixed(2)} ms CPU for a message`);
			return cost;
		}

		const atFew = await costAt(few);
		const growth: Figure[] = [];
		for (const count of steps)
			growth.push(
				figure({
					name: `cost-at-${count}`,
					value: await costAt(count),
					limit: atFew,
					unit: 'ms CPU a message',
				}),
			);
		await openStockSockets(system, stock);
		others = stockSockets;
		const atMany = await costAt(many);
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
			...growth,
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
