import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPeer } from './support/peers.ts';
import { type Person, post, signUp } from './support/person.ts';
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

async function begin({ cookie }: Person) {
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
	const person = await signUp(world, gateway);
	const { reader, abort } = await begin(person);
	let bytes = 0;
	while (bytes < 10 * pageBytes) bytes += (await reader.read()).value?.length ?? 0;
	// As soon as the sockets are full: nothing more is asked for, while the same service answers something else again and again.
	await expect
		.poll(async () => {
			const before = asked;
			for (let index = 0; index < 20; index++)
				await post(`${gateway.url}/api/groups/list-starred`, {}, { cookie: person.cookie });
			return asked - before;
		})
		.toBe(0);
	abort.abort();
});

it('is broken off when something fails midway, so that nobody takes half for all', async () => {
	breaksAfter = 10;
	const { reader } = await begin(await signUp(world, gateway));
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
