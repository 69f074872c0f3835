import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type ActiveGroup, openActiveGroup } from './active-group.ts';
import { type Bench, type Figure, figure } from './figure.ts';
import { quantile } from './median.ts';
import { cpuMsBelow } from './process-cost.ts';
import { startRecorder, until } from './system.ts';

/** Captured by all users together: a message of the group is one for each of them. */
const ratesPerSecond = [100, 200, 400, 600, 800, 1_200];
const users = 10;
const secondsEach = 8;
const sampleMs = 100;
/** Told from their command lines. */
const programs = ['apps/connector', 'apps/storage', 'apps/emulator', 'nats-server', 'postgres'];
/** The system keeps up with a rate if at least so much of it is in Postgres by the time the last message is sent. */
const keptUp = 0.95;

type Step = { rate: number; stored: number; lagMs: number; cores: Map<string, number> };

/**
 * Messages at a pace that grows until they are offered faster than they arrive. How late they are is worked out from how many are
 * on their way (Little's law): those that were sent and are not in Postgres, divided by the rate at which they come there.
 */
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
				`${rate} a second: ${step.stored.toFixed(0)} stored a second, ${step.lagMs.toFixed(0)} ms behind; cores: ${cores}`,
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
	let sent = 0;
	const onTheirWay: number[] = [];
	const sampling = new AbortController();
	const samples = (async () => {
		for (; !sampling.signal.aborted; await delay(sampleMs))
			onTheirWay.push(sent * users - ((await countStored()) - storedBefore));
	})();
	const sending: Promise<void>[] = [];
	for (let index = 0; index < sends; index++) {
		const waitMs = startedMs + index * everyMs - performance.now();
		if (waitMs > 1) await delay(waitMs);
		sending.push(
			group.sendOne(index).then(() => {
				sent++;
			}),
		);
	}
	await Promise.all(sending);
	const storedAtEnd = await countStored();
	const seconds = (performance.now() - startedMs) / 1_000;
	sampling.abort();
	await samples;
	const cpu = await cpuMsBelow(process.pid, programs);
	const stored = (storedAtEnd - storedBefore) / seconds;
	const coresOf = (name: string) => ((cpu.get(name) ?? 0) - (cpuBefore.get(name) ?? 0)) / 1_000 / seconds;
	return {
		rate,
		stored,
		lagMs: (quantile(onTheirWay, 0.99) / stored) * 1_000,
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
		figure({ name: `lag-at-${rate}`, value: lagMs, unit: 'ms until a message is in Postgres, p99' }),
		...[...cores].map(([name, share]) =>
			figure({ name: `${name}-at-${rate}`, value: share, unit: 'cores of processor time' }),
		),
	];
}
