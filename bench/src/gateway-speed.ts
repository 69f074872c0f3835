import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@chat-manager/dev-env';
import pg from 'pg';
import { z } from 'zod';
import { startBaseline } from './baseline/start.ts';
import { type Bench, figure } from './figure.ts';
import { createGatewayPerson } from './gateway-person.ts';
import { createPost, median } from './http-post.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const pageLength = 25;
/** Enough for both sides to be compiled: ours is more code. */
const warmUp = 800;
const rounds = 600;

/** Both are asked in turn, one request at a time, over a connection that is kept. */
export const gatewaySpeed: Bench = {
	name: 'gateway-speed',
	summary:
		'p50 of a stored-page tool call and of tools/list, beside express + NATS with the same page in raw pg and with an echo, both without any token',
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
		cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
		const services = ['emulator', 'storage', 'webhooks', 'connector', 'gateway'] as const;
		const system = cleanup.use(await startSystem({ dataDir, log: silent, services }));
		const person = await createGatewayPerson(system);
		const { adminUrl, natsUrl, natsUser, natsPassword } = system.servers;
		await fillBaseline(adminUrl, person);
		const settings = { natsUrl, natsUser, natsPassword, databaseUrl: adminUrl };
		const baseline = cleanup.use(await startBaseline(settings));

		const gateway = cleanup.use(createPost(`${system.url}/mcp`));
		const page = cleanup.use(createPost(`${baseline.url}/page`));
		const echo = cleanup.use(createPost(`${baseline.url}/echo`));
		let turn = 0;
		const ask = (method: string, params: object) => {
			const token = person.tokens[turn++ % person.tokens.length];
			return gateway({ jsonrpc: '2.0', id: turn, method, params }, { authorization: `Bearer ${token}` });
		};
		const wanted = { jid: person.jid, limit: pageLength };
		const call = () => ask('tools/call', { name: 'get_group_messages', arguments: wanted });

		const [asked, raw] = [await call(), await page(wanted)];
		assertFull(JSON.parse(asked.text).result.structuredContent);
		assertFull(JSON.parse(raw.text));
		const calls = await measure(call, () => page(wanted));
		const lists = await measure(
			() => ask('tools/list', {}),
			() => echo({ echo: true }),
		);
		report(`${rounds} of each in turn; a page of ${pageLength} of 200 messages`);
		return [
			figure({ name: 'tool-call', ...calls, unit: 'ms p50', target: { compare: '<=', ratio: 1.3 } }),
			figure({ name: 'tools-list', ...lists, unit: 'ms p50', target: { compare: '<=', ratio: 1.15 } }),
		];
	},
};

type Timed = () => Promise<{ ms: number }>;

async function measure(ours: Timed, theirs: Timed): Promise<{ value: number; limit: number }> {
	const [mine, other]: [number[], number[]] = [[], []];
	for (let round = 0; round < warmUp + rounds; round++) {
		const pair = round % 2 === 0 ? [await ours(), await theirs()] : [await theirs(), await ours()].reverse();
		if (round < warmUp) continue;
		mine.push(pair[0]?.ms ?? Number.NaN);
		other.push(pair[1]?.ms ?? Number.NaN);
	}
	return { value: median(mine), limit: median(other) };
}

const Full = z.object({ messages: z.array(z.unknown()).length(pageLength) });
const assertFull = (page: unknown): void => void Full.parse(page);

const Messages = z.object({
	messages: z.array(
		z.object({
			id: z.string(),
			sentAt: z.string(),
			kind: z.string(),
			text: z.string().nullable(),
			sender: z.object({ jid: z.string(), name: z.string().nullable(), phone: z.string().nullable() }),
		}),
	),
	nextCursor: z.string().nullable(),
});

/** The same messages, in a table that holds them as they are. */
async function fillBaseline(
	databaseUrl: string,
	{ api, jid }: Awaited<ReturnType<typeof createGatewayPerson>>,
): Promise<void> {
	const client = new pg.Client({ connectionString: databaseUrl });
	await client.connect();
	try {
		await client.query(`create schema bench;
			create table bench.messages (id bigint generated always as identity primary key, jid text, message_id text,
				sent_at timestamptz, kind text, text text, author_jid text, name text, phone text,
				is_you boolean default false, edited boolean default false, deleted boolean default false);
			create index on bench.messages (jid, sent_at desc, id desc)`);
		for (let before: string | undefined; ; ) {
			const page = Messages.parse(await api('messages/list', { jid, limit: 100, before }));
			for (const { id, sentAt, kind, text, sender } of page.messages) {
				await client.query(
					`insert into bench.messages (jid, message_id, sent_at, kind, text, author_jid, name, phone)
					values ($1, $2, $3, $4, $5, $6, $7, $8)`,
					[jid, id, sentAt, kind, text, sender.jid, sender.name, sender.phone],
				);
			}
			if (page.nextCursor === null) break;
			before = page.nextCursor;
		}
		await client.query('analyze bench.messages');
	} finally {
		await client.end();
	}
}
