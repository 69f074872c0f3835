import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRateLimiter } from '../src/access/rate-limiter.ts';
import { rpc } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** One limit over three replicas: what is promised is kept within a tenth, however the calls are spread. */

const burst = 100;
let world: World;
let replicas: Gateway[];
let person: Person;

beforeAll(async () => {
	world = await startWorld();
	// As good as no refill: what passes is the burst.
	const limits = { CM_RATE_LIMIT_BURST: String(burst), CM_RATE_LIMIT_PER_MINUTE: '1' };
	replicas = await Promise.all([1, 2, 3].map(() => world.startGateway(limits)));
	await Promise.all(replicas.map(untilReady));
	await startPeer(world, 'storage');
	const [first] = replicas;
	if (first === undefined) throw new Error('No replica');
	person = await signUp(world, first);
});
afterAll(async () => await world[Symbol.asyncDispose]());

const newToken = async (): Promise<string> => {
	const [first] = replicas;
	if (first === undefined) throw new Error('No replica');
	return (await createToken(world, first, person)).token;
};

async function countPassed(token: string, spread: readonly Gateway[], total = 3 * burst): Promise<number> {
	let passed = 0;
	for (let sent = 0; sent < total; sent++) {
		const gateway = spread[sent % spread.length];
		if (gateway === undefined) throw new Error('No replica');
		const { status } = await rpc(gateway, token, 'tools/call', { name: 'list_starred_groups' });
		expect([200, 429]).toContain(status);
		if (status === 200) passed++;
	}
	return passed;
}

it('holds on one replica', async () => {
	const passed = await countPassed(await newToken(), replicas.slice(0, 1), 2 * burst);
	expect(passed).toBeGreaterThanOrEqual(burst);
	expect(passed).toBeLessThanOrEqual(burst * 1.1);
});

it('holds within a tenth on three replicas, asked in turn', async () => {
	const passed = await countPassed(await newToken(), replicas);
	expect(passed).toBeGreaterThanOrEqual(burst * 0.9);
	expect(passed).toBeLessThanOrEqual(burst * 1.1);
});

it('a token cannot go around it through /api', async () => {
	const token = await newToken();
	await countPassed(token, replicas, burst * 2);
	for (const { url } of replicas) {
		const answer = await post(`${url}/api/groups/list-starred`, {}, bearer(token));
		expect(answer).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
	}
});

it('what passed elsewhere is owed, and paid back before anything passes', () => {
	const clock = createManualClock();
	const limiter = createRateLimiter({ perMinute: 60, burst: 5, clock });
	expect(limiter.take('a')).toBeUndefined();
	limiter.charge('a', 7);
	expect(limiter.take('a')).toBe(4_000);
	expect(limiter.take('b')).toBeUndefined();
	clock.advance(3_999);
	expect(limiter.take('a')).toBe(1);
	clock.advance(1);
	expect(limiter.take('a')).toBeUndefined();
	expect(limiter.take('a')).toBe(1_000);
});
