import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, type BusEvent, connectBus, eventStream, publishEvent } from '@chat-manager/bus';
import { type System, startSystem } from '@chat-manager/dev-env';
import pg from 'pg';
import { type EventWriter, openEventWriter } from './event-writer.ts';
import { type Bench, figure } from './figure.ts';
import { median } from './median.ts';
import { cpuMsBelow } from './process-cost.ts';
import { insertRaw, openRawTable, type RawTable } from './raw-inserts.ts';
import { sealingUs } from './sealing-cost.ts';
import { until } from './system.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const messages = 20_000;
/** The first warms both up. */
const rounds = 4;
const durable = 'storage';
const programs = ['apps/storage', 'nats-server', 'postgres'];

/**
 * Events wait in the stream until storage may have them; from then until the last is committed. In turns with it, the rows that
 * came out of it are inserted bare into a table like it, by as many batches at a time.
 */
export const ingest: Bench = {
	name: 'ingest',
	summary: `${messages} sealed messages from the stream into Postgres by storage, beside raw unnest inserts of 200 of the same rows`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const { system, bus, writer, database } = await openIngest(cleanup);
		const stream = await bus.nats.jetstreamManager();

		async function drain(): Promise<Drained> {
			await stream.consumers.pause(eventStream, durable, new Date(Date.now() + 3_600_000));
			await database.query('truncate chat.messages');
			await stream.streams.purge(eventStream);
			await publishAll(bus, writer.messages(messages));
			const { state } = await stream.streams.info(eventStream);
			await database.query('checkpoint');
			await stream.consumers.resume(eventStream, durable);
			await delivering(bus);
			const cost = await startCost();
			const startedMs = performance.now();
			await settled(bus);
			const tookMs = performance.now() - startedMs;
			const { rows } = await database.query('select count(*)::int as count from chat.messages');
			if (rows[0].count !== messages) throw new Error(`${rows[0].count} of ${messages} rows are there`);
			return {
				perSecond: (messages / tookMs) * 1_000,
				eventBytes: state.bytes / messages,
				...(await cost()),
			};
		}

		const ours: Drained[] = [];
		const bare: { perSecond: number; postgresUs: number }[] = [];
		let raw: RawTable | undefined;
		for (let round = 0; round < rounds; round++) {
			ours.push(await drain());
			raw ??= cleanup.use(await openRawTable(database, system.servers.adminUrl));
			const cost = await startCost();
			bare.push({ perSecond: await insertRaw(raw), ...(await cost()) });
			report(
				`round ${round + 1}: storage ${ours.at(-1)?.perSecond.toFixed(0)}/s, raw ${bare.at(-1)?.perSecond.toFixed(0)}/s`,
			);
		}
		const middle = <K extends string>(all: readonly Record<K, number>[], key: K) =>
			median(all.slice(1).map((round) => round[key]));
		return [
			figure({
				name: 'ingest',
				value: middle(ours, 'perSecond'),
				limit: middle(bare, 'perSecond'),
				unit: 'rows a second',
				target: { compare: '>=', ratio: 0.75 },
			}),
			figure({
				name: 'ingest-sealing',
				value: await sealingUs(system, writer),
				limit: middle(ours, 'storageUs'),
				unit: 'µs CPU a row: opening, sealing and digests of words, of all that storage takes',
			}),
			figure({
				name: 'ingest-postgres',
				value: middle(ours, 'postgresUs'),
				limit: middle(bare, 'postgresUs'),
				unit: 'µs CPU of Postgres a row, beside the raw inserts',
			}),
			figure({ name: 'ingest-nats', value: middle(ours, 'natsUs'), unit: 'µs CPU of NATS a row' }),
			figure({
				name: 'event-bytes',
				value: middle(ours, 'eventBytes'),
				unit: 'bytes of the stream a message',
			}),
		];
	},
};

type Drained = { perSecond: number; eventBytes: number } & Awaited<ReturnType<Cost>>;
type Cost = Awaited<ReturnType<typeof startCost>>;

/** From now on: the processor time of each program, in µs a message. */
async function startCost() {
	const before = await cpuMsBelow(process.pid, programs);
	return async () => {
		const after = await cpuMsBelow(process.pid, programs);
		const costUs = (name: string) => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) / messages) * 1_000;
		return {
			storageUs: costUs('apps/storage'),
			postgresUs: costUs('postgres'),
			natsUs: costUs('nats-server'),
		};
	};
}

/** Storage with its servers, and users whose groups it knows. */
async function openIngest(cleanup: AsyncDisposableStack): Promise<{
	system: System;
	bus: Bus;
	writer: EventWriter;
	database: pg.Client;
}> {
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const system = cleanup.use(
		await startSystem({
			dataDir,
			log: silent,
			services: ['storage'],
		}),
	);
	const { natsUrl: url, natsUser: user, natsPassword: password, adminUrl } = system.servers;
	const bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
	const writer = cleanup.use(await openEventWriter(system, bus));
	const database = new pg.Client({ connectionString: adminUrl });
	await database.connect();
	cleanup.defer(() => database.end());
	await publishAll(bus, writer.stars());
	await settled(bus);
	return { system, bus, writer, database };
}

async function publishAll(bus: Bus, events: readonly BusEvent[]): Promise<void> {
	for (let from = 0; from < events.length; from += 200)
		await Promise.all(events.slice(from, from + 200).map((event) => publishEvent(bus, event)));
}

/** Its first events are on their way: a request of a consumer that was paused is answered when the next one is made, seconds later. */
async function delivering(bus: Bus): Promise<void> {
	const { consumers } = await bus.nats.jetstreamManager();
	const isUnderWay = async () => (await consumers.info(eventStream, durable)).num_pending < messages;
	await until('storage takes events', isUnderWay, { everyMs: 10 });
}

/** Everything is handled: storage acknowledges what it committed. */
async function settled(bus: Bus): Promise<void> {
	const { consumers } = await bus.nats.jetstreamManager();
	await until(
		'everything published is recorded',
		async () => {
			const { num_pending, num_ack_pending } = await consumers.info(eventStream, durable);
			return num_pending + num_ack_pending === 0;
		},
		{ everyMs: 10 },
	);
}
