import { createRandom, isFull } from '@chat-manager/test-run';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzRequest, toolFor } from './support/fuzz-requests.ts';
import { type Answers, startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, signUp } from './support/person.ts';
import { rawRequest } from './support/raw-request.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** Requests that are nearly right, of two tenants at once: nothing breaks, nothing hangs, nobody gets another's answer. */

const { seed } = createRandom();
const count = isFull ? 10_000 : 1_000;
const atOnce = 8;
/** Longer than any operation may take. */
const patienceMs = 65_000;
let world: World;
let gateway: Gateway;
let tenants: { person: Person; token: string; mark: string }[];

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway({
		CM_RATE_LIMIT_BURST: '1000000',
		CM_RATE_LIMIT_PER_MINUTE: '1000000',
	});
	await untilReady(gateway);
	const people = [await signUp(world, gateway), await signUp(world, gateway)];
	const marks = new Map(people.map(({ id }, index) => [id, index === 0 ? 'mark-of-ana' : 'mark-of-ben']));
	const markOf = (userId: string) => marks.get(userId) ?? 'nobody';
	// Whatever has a name says whose it is.
	const answers: Answers = {
		'groups.listStarred': (_input, { userId }) => ({
			groups: [
				{
					jid: '120363025246125486@g.us',
					name: markOf(userId),
					participantCount: 1,
					joinedSinceLastVisit: 0,
					leftSinceLastVisit: 0,
				},
			],
			nextCursor: null,
		}),
		'groups.star': (input, { userId }) => ({
			jid: input.jid,
			name: markOf(userId),
			starred: true,
			starredAt: '2026-11-22T09:00:00.000Z',
			participantCount: 1,
		}),
		'groups.rename': (input, { userId }) => ({ jid: input.jid, name: markOf(userId) }),
	};
	await startPeer(world, 'storage', answers);
	await startPeer(world, 'webhooks');
	for (const { id } of people) await startPeer(world, 'connector', answers, id);
	tenants = await Promise.all(
		people.map(async (person) => ({
			person,
			token: (await createToken(world, gateway, person, { confirmation: 'never' })).token,
			mark: markOf(person.id),
		})),
	);
});
afterAll(async () => await world[Symbol.asyncDispose]());

const ugly = /node_modules|\.ts:\d+|\bat \w+ \(|<html|<!doctype|ZodError|SyntaxError|TypeError/i;

async function ask(body: string, headers: Record<string, string>, tenant: number) {
	const { token, mark } = tenants[tenant % 2] ?? { token: '', mark: '' };
	const sent = rawRequest(`${gateway.url}/mcp`, {
		method: 'POST',
		body,
		headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
	});
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error('It hangs')), patienceMs);
	try {
		return { ...(await Promise.race([sent, late.promise])), mark };
	} finally {
		clearTimeout(timer);
	}
}

it(
	`${count} requests that are nearly right are answered, seed ${seed}`,
	async () => {
		const random = createRandom(seed);
		const requests = Array.from({ length: count }, (_, index) => fuzzRequest(random, toolFor(index)));
		const statuses = new Map<number, number>();
		let next = 0;
		await Promise.all(
			Array.from({ length: atOnce }, async () => {
				for (let index = next++; index < count; index = next++) {
					const request = requests[index];
					if (request === undefined) return;
					const context = JSON.stringify({ seed, index, ...request }).slice(0, 2_000);
					const { status, text, mark } = await ask(request.body, request.headers, index).catch(
						(error: unknown) => expect.fail(`${String(error)} ${context}`),
					);
					statuses.set(status, (statuses.get(status) ?? 0) + 1);
					expect(status, `${text.slice(0, 500)} ${context}`).toBeLessThan(500);
					expect(text, context).not.toMatch(ugly);
					const [foreign] = tenants.filter((tenant) => tenant.mark !== mark);
					expect(text, context).not.toContain(foreign?.mark);
				}
			}),
		);
		// It was not all refused at the door.
		expect(statuses.get(200) ?? 0, JSON.stringify([...statuses])).toBeGreaterThan(count / 4);
		expect(statuses.get(400) ?? 0).toBeGreaterThan(count / 50);
		expect(world.log.filter((line) => line.includes('"code":"internal"'))).toEqual([]);
	},
	isFull ? 900_000 : 120_000,
);

it('two tenants with equal request ids at the same time get their own answers, 1,000 times', async () => {
	for (let round = 0; round < 1_000; round += 10) {
		await Promise.all(
			Array.from({ length: 10 }, async (_, offset) => {
				const id = round + offset;
				const body = JSON.stringify({
					jsonrpc: '2.0',
					id,
					method: 'tools/call',
					params: { name: 'list_starred_groups', arguments: {} },
				});
				const answers = await Promise.all([ask(body, {}, 0), ask(body, {}, 1)]);
				for (const { text, mark, status } of answers) {
					expect(status).toBe(200);
					expect(JSON.parse(text)).toMatchObject({
						id,
						result: { structuredContent: { groups: [{ name: mark }] } },
					});
				}
			}),
		);
	}
});
