import { expect } from 'vitest';
import { z } from 'zod';
import type { Person } from './person.ts';
import type { Gateway } from './world.ts';

export type LiveEvent = { event: string; data: unknown };

/** An open page: what it was told so far, and whether the stream has ended. */
export type LivePage = AsyncDisposable & {
	readonly told: LiveEvent[];
	readonly isEnded: () => boolean;
	/** The topics that it was told of. */
	topics(): string[];
};

const Topics = z.array(z.object({ topic: z.string() }));

/** Opens `/api/events` as a browser does, and resolves once it is ready. */
export async function openLivePage({ url }: Gateway, { cookie }: Pick<Person, 'cookie'>): Promise<LivePage> {
	const aborted = new AbortController();
	const response = await fetch(`${url}/api/events`, { headers: { cookie }, signal: aborted.signal });
	expect(response.status).toBe(200);
	expect(response.headers.get('content-type')).toMatch(/^text\/event-stream\b/);
	const told: LiveEvent[] = [];
	let isEnded = false;
	const reading = read(response, told).then(
		() => {
			isEnded = true;
		},
		() => undefined,
	);
	await expect.poll(() => told[0]?.event).toBe('ready');
	return {
		told,
		isEnded: () => isEnded,
		topics: () =>
			told
				.filter(({ event }) => event === 'changes')
				.flatMap(({ data }) => Topics.parse(data).map(({ topic }) => topic)),
		async [Symbol.asyncDispose]() {
			aborted.abort();
			await reading;
		},
	};
}

async function read(response: Response, told: LiveEvent[]): Promise<void> {
	let rest = '';
	for await (const chunk of response.body ?? []) {
		const blocks = (rest + Buffer.from(chunk).toString()).split('\n\n');
		rest = blocks.pop() ?? '';
		for (const block of blocks) {
			const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
			told.push({ event, data: JSON.parse(data) });
		}
	}
}
