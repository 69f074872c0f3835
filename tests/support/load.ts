import { setTimeout as delay } from 'node:timers/promises';
import { type Receiver, startReceiver } from '@chat-manager/webhooks/receiver';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, simulator } from './network.ts';
import { connectAgent, type Person } from './person.ts';
import { readAll, say } from './record.ts';

/** No call of the load is to meet a limit. */
export const unlimited = {
	gateway: { CM_RATE_LIMIT_PER_MINUTE: '100000', CM_RATE_LIMIT_BURST: '100000' },
	connector: { CM_MESSAGES_PER_MINUTE: '100000' },
	/** The receivers of these tests are on this machine. */
	webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' },
};

/** What a caller is told to try again; all else is a failure. */
const retryable: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'device_offline']);
/** Where something is killed it may be unknown what was done: the same idempotency key tells. */
const afterKill: ReadonlySet<string> = new Set(['outcome_unknown']);
const patience = { timeout: 120_000, interval: 200 };
const pauseMs = 30;
const author = '15550000009';

export type Load = {
	/** Resolves when each kind of call was answered that often once more, and as many more messages were written. */
	more(count: number): Promise<void>;
	/** The calls that were refused so far with the word that they can be tried again. */
	refusals(): readonly string[];
	/**
	 * Ends it, and proves: no call failed otherwise, every message is stored once and in its order and was posted once, every
	 * answer was sent once.
	 */
	settle(): Promise<void>;
};

/**
 * A steady stream of messages that somebody writes into a starred group of a person, and of tool calls by an MCP client of
 * that person: reads that storage and webhooks answer, and messages sent by the device. Messages go to a webhook too.
 * `isKilled`: something is killed under it, so that the outcome of a call may be unknown, and one event may be posted twice.
 * `word`: what a refusal has to say.
 */
export async function startLoad(
	net: Network,
	person: Person,
	own: string,
	{ isKilled = false, word = /again in a (moment|few seconds)/ }: { isKilled?: boolean; word?: RegExp } = {},
): Promise<Load & AsyncDisposable> {
	await using cleanup = new AsyncDisposableStack();
	const receiver = cleanup.use(await startReceiver());
	const jid = await makeGroup(net, own, 'Under load', [author]);
	await person.api('groups/star', { jid });
	const events = ['message.received', 'message.sent'];
	await person.api('webhooks/add', { url: `${receiver.url}/hook`, events });
	const agent = cleanup.use(await connectAgent(net, await person.token()));

	const counts: Record<string, number> = { written: 0 };
	const refused: string[] = [];
	const failed: string[] = [];
	const written: string[] = [];
	const answered: string[] = [];
	/** Text → the ids under which the author's phone showed it; it forgets the oldest, so one looks now and then. */
	const shown = new Map<string, Set<string>>();
	let stopped = false;

	/** Until it is answered; each refusal is noted. */
	async function call(tool: string, args: Record<string, unknown>): Promise<void> {
		for (;;) {
			const problem = await agent.client.callTool({ name: tool, arguments: args }).then(
				(result) => (result.isError ? ofTool(result) : ofOutcome(result)),
				(error: Error) => ofProtocol(tool, error),
			);
			if (problem === undefined) break;
			const isRefusal =
				(retryable.has(problem.code) && word.test(problem.text)) || (isKilled && afterKill.has(problem.code));
			(isRefusal ? refused : failed).push(`${problem.code}: ${problem.text}`);
			if (failed.length > 5) throw new Error('Too many calls failed');
			await delay(200);
		}
		counts[tool] = (counts[tool] ?? 0) + 1;
	}

	async function lookAtPhone(): Promise<void> {
		const seen = Shown.parse(await simulator(net, `/admin/accounts/${author}/messages?chat=${jid}`));
		for (const { id, text } of seen.messages)
			if (text?.startsWith('answer ')) shown.set(text, (shown.get(text) ?? new Set()).add(id));
	}

	async function keepOn(work: () => Promise<void>): Promise<void> {
		while (!stopped) {
			await work();
			await delay(pauseMs);
		}
	}

	const running = [
		keepOn(async () => {
			written.push(await say(net, { from: author, to: jid, text: `message ${written.length}` }));
			counts.written = written.length;
		}),
		keepOn(() => call('get_group_messages', { jid, limit: 5 })),
		keepOn(() => call('list_webhooks', {})),
		keepOn(async () => {
			const text = `answer ${answered.length}`;
			await call('send_group_message', { jid, text, idempotencyKey: text.replace(' ', '-') });
			answered.push(text);
		}),
	];
	const ended = Promise.all(running);
	ended.catch(() => undefined); // It is awaited by settle.
	const kinds = ['written', 'get_group_messages', 'list_webhooks', 'send_group_message'];
	const countOf = (kind: string) => counts[kind] ?? 0;
	cleanup.defer(async () => {
		stopped = true;
		await ended.catch(() => undefined);
	});

	const stack = cleanup.move();
	return {
		refusals: () => refused,
		async more(count) {
			const wanted = kinds.map((kind) => [kind, countOf(kind) + count] as const);
			await vi.waitFor(() => {
				if (failed.length > 0) return;
				for (const [kind, least] of wanted) expect(countOf(kind), kind).toBeGreaterThanOrEqual(least);
			}, patience);
			await lookAtPhone();
			expect(failed).toEqual([]);
		},
		async settle() {
			stopped = true;
			await ended;
			expect(failed).toEqual([]);
			await vi.waitFor(async () => {
				const stored = await readAll(person, jid);
				const others = stored.filter(({ text }) => text?.startsWith('message '));
				expect(others.map(({ id }) => id)).toEqual(written);
				const own = stored.flatMap(({ text, sender }) => (sender.isYou ? [text] : []));
				expect(own.sort()).toEqual([...answered].sort());
				expect(posted(receiver).texts).toEqual([...texts(written), ...answered].sort());
			}, patience);
			if (!isKilled) expect(posted(receiver).repeats).toEqual([]);
			await lookAtPhone();
			expect([...shown.keys()].sort()).toEqual([...answered].sort());
			expect([...shown].filter(([, ids]) => ids.size > 1)).toEqual([]);
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

function texts(written: readonly string[]): string[] {
	return written.map((_, index) => `message ${index}`);
}

/** What the endpoint got, each event once, and the ids of those that came again. */
function posted({ received }: Receiver): { texts: string[]; repeats: string[] } {
	const bodies = new Map<string, string>();
	const repeats: string[] = [];
	for (const { headers, body } of received) {
		const id = String(headers['webhook-id']);
		if (bodies.has(id)) repeats.push(id);
		bodies.set(id, String(body));
	}
	const texts = [...bodies.values()].map((body) => Body.parse(JSON.parse(body)).data.text);
	return { texts: texts.sort(), repeats };
}

type Problem = { code: string; text: string };

function ofTool(result: unknown): Problem {
	const { content, _meta } = Failure.parse(result);
	return { code: _meta['chat-manager/error'].code, text: content.map(({ text }) => text).join('\n') };
}

/** A refusal before any tool: its code stands in the body, which the client gives as text. */
function ofProtocol(tool: string, { message }: Error): Problem {
	const [, code = 'broken'] = /"data":\{"code":"(\w+)"/.exec(message) ?? [];
	return { code, text: `${tool}: ${message}` };
}

const Failure = z.object({
	content: z.array(z.object({ text: z.string() })),
	_meta: z.object({ 'chat-manager/error': z.object({ code: z.string() }) }),
});
const Body = z.object({ data: z.object({ text: z.string() }) });
const Shown = z.object({ messages: z.array(z.object({ id: z.string(), text: z.string().nullish() })) });

/** A message of which it is unknown whether it was sent is sent again with its key: recipients see it once. */
function ofOutcome(result: unknown): Problem | undefined {
	const { status } = Outcome.parse(result).structuredContent;
	return status === 'unknown' ? { code: 'outcome_unknown', text: 'WhatsApp said nothing' } : undefined;
}

const Outcome = z.object({ structuredContent: z.object({ status: z.string().optional() }) });
