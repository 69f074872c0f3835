import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPeer } from './support/peers.ts';
import { post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
/** How many pages of messages were asked for, and after how many it goes wrong. */
let asked = 0;
let breaksAfter = Number.POSITIVE_INFINITY;
const pageBytes = 200_000;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway();
	await untilReady(gateway);
	await startPeer(world, 'connectors');
	await startPeer(world, 'webhooks');
	await startPeer(world, 'storage', {
		'account.exportRecord': ({ kind }) => {
			if (kind !== 'messages') return undefined;
			if (++asked > breaksAfter) throw new Error('a secret detail');
			const records = [{ text: 'x'.repeat(pageBytes) }];
			return { records, nextCursor: 'more', total: 1_000_000 };
		},
	});
});
afterAll(async () => await world[Symbol.asyncDispose]());

async function begin() {
	const { cookie } = await signUp(world, gateway);
	asked = 0;
	const abort = new AbortController();
	const response = await fetch(`${gateway.url}/api/account/export`, {
		method: 'POST',
		headers: { cookie },
		signal: abort.signal,
	});
	expect(response.status).toBe(200);
	const reader = response.body?.getReader();
	if (reader === undefined) throw new Error('There is no body.');
	return { reader, abort };
}

it('is made no faster than it is read', async () => {
	const { reader, abort } = await begin();
	let bytes = 0;
	while (bytes < 60 * pageBytes) bytes += (await reader.read()).value?.length ?? 0;
	// What is on its way: in the sockets, and in the streams between.
	expect(asked).toBeLessThan(60 + 60);
	abort.abort();
});

it('is broken off when something fails midway, so that nobody takes half for all', async () => {
	breaksAfter = 10;
	const { reader } = await begin();
	const readAll = async () => {
		while (!(await reader.read()).done);
	};
	await expect(readAll()).rejects.toThrow();
	breaksAfter = Number.POSITIVE_INFINITY;
});

it('is an error like any other when a service is away from the start', async () => {
	breaksAfter = 0;
	asked = 0;
	const { cookie } = await signUp(world, gateway);
	const answer = await post(`${gateway.url}/api/account/export`, {}, { cookie });
	expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
	expect(answer.text).not.toContain('secret detail');
	breaksAfter = Number.POSITIVE_INFINITY;
});
