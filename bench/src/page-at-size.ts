import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@chat-manager/database';
import { startSystem } from '@chat-manager/dev-env';
import { type MessageFilter, readPage } from '@chat-manager/storage/read-messages';
import { recordMessages } from '@chat-manager/storage/record-messages';
import type { Tables } from '@chat-manager/storage/tables';
import pg from 'pg';
import { type Bench, type Figure, figure } from './figure.ts';
import { median } from './median.ts';
import { growTo, largeGroup, pickGroups } from './record-at-size.ts';
import { createBatch, type Group, pickWord } from './record-samples.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const sizes = [1_000_000, 10_000_000] as const;
/** More than both sizes take, with what Postgres needs to build the indexes. */
const neededGb = 25;
const groups = 200;
const asked = 1_500;
const batches = 60;
const pageLength = 26;
const everything: MessageFilter = { words: undefined, from: undefined, since: undefined, until: undefined };

type Measured = { page: number; large: number; first: number; search: number; batch: number; bytes: number };

/** The queries are storage's own, without what it does before and after them: that does not depend on the size. */
export const pageAtSize: Bench = {
	name: 'page-at-size',
	summary:
		"p50 of storage's query for a group's newest page with 10 million stored messages, beside the same with 1 million",
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
		cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
		const { bavail, bsize } = await statfs(dataDir);
		const freeGb = (bavail * bsize) / 1e9;
		if (freeGb < neededGb)
			throw new Error(`${dataDir} has ${freeGb.toFixed(0)} GB left, and this takes up to ${neededGb}.`);
		// Storage makes its tables; then it is stopped, so that nobody else works on them.
		const system = cleanup.use(
			await startSystem({ dataDir, log: silent, services: ['storage'], durable: false }),
		);
		await system.service('storage').stop();
		const connect = async () => {
			const client = new pg.Client({
				connectionString: system.servers.adminUrl,
				options: '-c search_path=chat -c synchronous_commit=off',
			});
			await client.connect();
			return client;
		};
		const database = await connect();
		cleanup.defer(() => database.end());

		const measured: Measured[] = [];
		for (const [index, size] of sizes.entries()) {
			const startedMs = performance.now();
			await growTo(connect, { from: sizes[index - 1] ?? 0, to: size });
			report(`${size} messages are there after ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
			measured.push(await measure(database, system.databaseUrl('storage'), size));
			report(JSON.stringify(measured.at(-1)));
		}
		const [small, big] = measured;
		if (small === undefined || big === undefined) throw new Error('Nothing was measured');
		const target = { compare: '<=', ratio: 1.2 } as const;
		const beside = (
			name: string,
			key: keyof Measured,
			more: Pick<Figure, 'unit'> & { target?: typeof target },
		) => figure({ name, value: big[key], limit: small[key], ...more });
		return [
			beside('page-at-size', 'page', { unit: 'ms p50, newest page of groups as busy as they come', target }),
			beside('large-page-at-size', 'large', { unit: 'ms p50, newest page of the largest group', target }),
			beside('first-page-at-size', 'first', { unit: 'ms p50, newest page that nobody asked for before' }),
			beside('search-at-size', 'search', { unit: 'ms p50, newest page with a word' }),
			beside('ingest-at-size', 'batch', { unit: 'ms p50, a batch of 200 messages' }),
			beside('message-bytes', 'bytes', { unit: 'bytes a stored message, indexes included' }),
		];
	},
};

async function measure(admin: pg.Client, url: string, rows: number): Promise<Measured> {
	const options = { url, schema: 'chat', logger: silent, applicationName: 'bench' };
	await using database = openDatabase<Tables>(options);
	const { db } = database;
	const picked = await pickGroups(admin, { count: groups, rows });
	const large = await largeGroup(admin);
	const newest = (group: Group, filter = everything) =>
		timed(async () => {
			const page = await readPage(db, { ...group, before: undefined, filter, limit: pageLength });
			if (page === undefined || (filter === everything && page.rows.length === 0)) throw new Error('No page');
		});
	const first = await each(picked, groups, (group) => newest(group));
	await each(picked, groups, (group) => newest(group));
	const page = await each(picked, asked, (group) => newest(group));
	const ofLarge = await each([large], asked, (group) => newest(group));
	const searches: { group: Group; words: string }[] = [];
	for (const group of picked) searches.push({ group, words: await pickWord(admin, group) });
	const search = ({ group, words }: (typeof searches)[number]) => newest(group, { ...everything, words });
	await each(searches, groups, search);
	const found = await each(searches, asked, search);
	const batch: number[] = [];
	for (let index = 0; index < batches; index++) {
		const messages = createBatch(picked, { rows, index });
		batch.push(await timed(() => recordMessages(db, messages)));
	}
	const { rows: size } = await admin.query(`
		select pg_total_relation_size('chat.messages')::float8 as bytes`);
	return {
		page: median(page),
		large: median(ofLarge),
		first: median(first),
		search: median(found),
		batch: median(batch.slice(10)),
		bytes: size[0].bytes / rows,
	};
}

/** Asks for each in turn, one after the other, so many times in all. */
async function each<T>(
	items: readonly T[],
	count: number,
	ask: (item: T) => Promise<number>,
): Promise<number[]> {
	const tookMs: number[] = [];
	for (let index = 0; index < count; index++) {
		const item = items[index % items.length];
		if (item !== undefined) tookMs.push(await ask(item));
	}
	return tookMs;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const startedMs = performance.now();
	await work();
	return performance.now() - startedMs;
}
