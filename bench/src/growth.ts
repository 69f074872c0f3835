import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type ActiveGroup, openActiveGroup } from './active-group.ts';
import { type Bench, type Figure, figure } from './figure.ts';
import { quantile } from './median.ts';
import { cpuMsBelow } from './process-cost.ts';
import { startRecorder, until } from './system.ts';

/** Captured by all users together: a message of the group is one for each of them. */
const ratesPerSecond = [100, 200, 300, 400, 500, 600, 800, 1_200];
const users = 20;
const secondsEach = 8;
const sampleMs = 10;
/** Told from their command lines. */
const programs = ['apps/connector', 'apps/storage', 'apps/emulator', 'nats-server', 'postgres'];
/** The system keeps up with a rate if at least so much of it is in Postgres by the time the last message is sent. */
const keptUp = 0.95;

type Step = { rate: number; stored: number; lagMs: [p50: number, p99: number]; cores: Map<string, number> };

/** Messages of one group at a pace that grows until they are offered faster than they arrive. */
export const growth: Bench = {
	name: 'growth',
	summary: `messages of ${users} users through one connector, NATS and one storage, at a growing rate until they no longer keep up`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const system = await startRecorder(cleanup);
		const database = new pg.Client({ connectionString: system.servers.adminUrl });
		await database.connect();
		cleanup.defer(() => database.end());
		const group = await openActiveGroup(system, cleanup, { users });
		const countStored = async () => {
			const { rows } = await database.query(
				'select coalesce(sum(message_count), 0)::int as count from chat.members',
			);
			return Number(rows[0].count);
		};
		await group.send(100);
		await until('all are stored', async () => (await countStored()) === group.captured());

		const steps: Step[] = [];
		for (const rate of ratesPerSecond) {
			const step = await offer(group, { rate, countStored });
			steps.push(step);
			const cores = [...step.cores].map(([name, share]) => `${name} ${share.toFixed(2)}`).join(', ');
			report(
				`${rate} a second: ${step.stored.toFixed(0)} stored a second, ${step.lagMs.map((ms) => ms.toFixed(0)).join(' and ')} ms behind (p50, p99); cores: ${cores}`,
			);
			await until('what is left over is stored', async () => (await countStored()) === group.captured());
			if (step.stored < step.rate * keptUp) break;
		}
		return steps.flatMap(figuresOf).concat(
			figure({
				name: 'most-stored',
				value: Math.max(...steps.map(({ stored }) => stored)),
				unit: 'messages a second, one connector',
			}),
		);
	},
};

async function offer(
	group: ActiveGroup,
	{ rate, countStored }: { rate: number; countStored: () => Promise<number> },
): Promise<Step> {
	const everyMs = (users * 1_000) / rate;
	const sends = Math.round((secondsEach * 1_000) / everyMs);
	const storedBefore = await countStored();
	const cpuBefore = await cpuMsBelow(process.pid, programs);
	const startedMs = performance.now();
	const sentMs: number[] = [];
	/** Of each message, until the copies of all users were seen in Postgres; a later message is stored later. */
	const lagsMs: number[] = [];
	const watching = (async () => {
		for (; lagsMs.length < sends; await delay(sampleMs)) {
			const complete = Math.floor(((await countStored()) - storedBefore) / users);
			for (const atMs of sentMs.slice(lagsMs.length, complete)) lagsMs.push(performance.now() - atMs);
		}
	})();
	const sending: Promise<unknown>[] = [];
	for (let index = 0; index < sends; index++) {
		const waitMs = startedMs + index * everyMs - performance.now();
		if (waitMs > 1) await delay(waitMs);
		sentMs.push(performance.now());
		sending.push(group.sendOne(index));
	}
	await Promise.all(sending);
	const storedAtEnd = await countStored();
	const seconds = (performance.now() - startedMs) / 1_000;
	const cpu = await cpuMsBelow(process.pid, programs);
	await watching;
	const stored = (storedAtEnd - storedBefore) / seconds;
	const coresOf = (name: string) => ((cpu.get(name) ?? 0) - (cpuBefore.get(name) ?? 0)) / 1_000 / seconds;
	return {
		rate,
		stored,
		lagMs: [quantile(lagsMs, 0.5), quantile(lagsMs, 0.99)],
		cores: new Map(programs.map((name) => [name.replace('apps/', '').replace('-server', ''), coresOf(name)])),
	};
}

function figuresOf({ rate, stored, lagMs, cores }: Step): Figure[] {
	return [
		figure({
			name: `stored-at-${rate}`,
			value: stored,
			limit: rate,
			unit: 'messages a second, of those offered',
		}),
		figure({
			name: `lag-p50-at-${rate}`,
			value: lagMs[0],
			unit: `ms until a message of all ${users} users is in Postgres`,
		}),
		figure({
			name: `lag-p99-at-${rate}`,
			value: lagMs[1],
			unit: `ms until a message of all ${users} users is in Postgres`,
		}),
		...[...cores].map(([name, share]) =>
			figure({ name: `${name}-at-${rate}`, value: share, unit: 'cores of processor time' }),
		),
	];
}
