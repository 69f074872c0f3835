import type { Call } from '@chat-manager/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callTool, rpc } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, post, readAnswer, signUp } from './support/person.ts';
import { startWorld, untilReady, type World } from './support/world.ts';

const jid = '120363025246125486@g.us';
let world: World;

beforeEach(async () => {
	world = await startWorld();
});
afterEach(async () => await world[Symbol.asyncDispose]());

it('starts without Postgres and NATS, says so, and finds them when they come', async () => {
	await Promise.all([world.postgres.stop(), world.nats.stop()]);
	const gateway = await world.startGateway();
	expect(await readAnswer(await fetch(`${gateway.url}/healthz`))).toMatchObject({ status: 200 });
	expect(await readAnswer(await fetch(`${gateway.url}/readyz`))).toMatchObject({
		status: 503,
		body: { checks: { database: 'starting', nats: 'unavailable' } },
	});
	expect((await fetch(`${gateway.url}/`)).status).toBe(200);
	const token = `cm_pat_${'x'.repeat(43)}`;
	expect(await rpc(gateway, token, 'tools/list')).toMatchObject({
		status: 503,
		body: { id: 1, error: { data: { code: 'unavailable' } } },
	});
	const credentials = { email: 'a@example.com', password: 'long-enough-password' };
	for (const path of ['/api/auth/sign-up/email', '/api/auth/sign-in/email']) {
		const answer = await post(`${gateway.url}${path}`, credentials);
		expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
		expect(answer.headers.has('retry-after')).toBe(true);
	}
	expect(
		await post(`${gateway.url}/api/groups/list-starred`, {}, { cookie: 'cm_session=x.y' }),
	).toMatchObject({
		status: 503,
	});
	await Promise.all([world.postgres.restart(), world.nats.restart()]);
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	await startPeer(world, 'storage');
	const made = await createToken(world, gateway, person);
	expect((await callTool(gateway, made.token, 'list_starred_groups')).isError).toBeUndefined();
});

it('heals after Postgres and NATS were away for a while', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	await startPeer(world, 'storage');
	const person = await signUp(world, gateway);
	const { token } = await createToken(world, gateway, person);
	await callTool(gateway, token, 'list_starred_groups');

	await world.postgres.stop();
	const { cookie } = person;
	const listTokens = () => post(`${gateway.url}/api/tokens/list`, {}, { cookie });
	await expect.poll(listTokens).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
	await world.nats.kill();
	await expect
		.poll(async () => (await readAnswer(await fetch(`${gateway.url}/readyz`))).body)
		.toMatchObject({ checks: { database: 'unavailable', nats: 'unavailable' } });

	await world.postgres.restart();
	await expect.poll(listTokens).toMatchObject({ status: 200 });
	const offline = await callTool(gateway, token, 'list_starred_groups');
	expect(offline).toMatchObject({ isError: true });
	expect(offline.content[0]?.text).toMatch(
		/^unavailable: list_starred_groups failed\. The message bus .* Retry after \d+ seconds, at /,
	);
	await world.nats.restart();
	await expect
		.poll(async () => (await callTool(gateway, token, 'list_starred_groups')).isError)
		.toBeUndefined();
});

it('says at once that a service or a device is away, and what to do', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	const { token } = await createToken(world, gateway, person);
	const storage = await callTool(gateway, token, 'list_starred_groups');
	expect(storage.content[0]?.text).toMatch(
		/^unavailable: list_starred_groups failed\. The storage service is not available/,
	);
	const device = await callTool(gateway, token, 'send_group_message', { jid, text: 'hello' });
	expect(device.content[0]?.text).toMatch(
		/^device_offline: send_group_message failed\. Your WhatsApp device is not connected/,
	);
	expect(await post(`${gateway.url}/api/groups/list`, {}, { cookie: person.cookie })).toMatchObject({
		status: 503,
		body: {
			error: { code: 'device_offline', message: expect.any(String), retryAfterMs: expect.any(Number) },
		},
	});
	await startPeer(world, 'storage');
	expect((await callTool(gateway, token, 'list_starred_groups')).isError).toBeUndefined();
});

it('hides what went wrong in a service', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	await startPeer(world, 'storage', {
		'groups.listStarred': () => {
			throw new Error('secret detail of the database');
		},
	});
	const { token } = await createToken(world, gateway, await signUp(world, gateway));
	const result = await callTool(gateway, token, 'list_starred_groups');
	expect(result.content[0]?.text).toMatch(
		/^internal: list_starred_groups failed\. Something went wrong on our side/,
	);
	expect(JSON.stringify(result)).not.toContain('secret detail');
});

it('gives every tenant their own answer, also when their requests have the same id', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	const waiting: (() => void)[] = [];
	const people = [await signUp(world, gateway), await signUp(world, gateway)];
	const answer = async (_input: unknown, { userId }: Call) => {
		// Everybody waits for everybody, so that all of them are under way at once.
		await new Promise<void>((resolve) => {
			waiting.push(resolve);
			if (waiting.length === people.length * 5) for (const go of waiting) go();
		});
		const group = { jid, name: userId, participantCount: 1, joinedSinceLastVisit: 0, leftSinceLastVisit: 0 };
		return { groups: [group], nextCursor: null };
	};
	await startPeer(world, 'storage', { 'groups.listStarred': answer });
	const calls = await Promise.all(
		people.map(async (person) => ({ person, ...(await createToken(world, gateway, person)) })),
	);
	const results = await Promise.all(
		Array.from({ length: 5 }, () => calls)
			.flat()
			.map(async ({ person, token }) => ({
				person,
				result: await callTool(gateway, token, 'list_starred_groups', {}, 7),
			})),
	);
	for (const { person, result } of results)
		expect(result.structuredContent).toMatchObject({ groups: [{ name: person.id }] });
});

it('tells a service who calls, with what limits, until when, and whether a person did', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	const seen: Call[] = [];
	const remember = (_input: unknown, call: Call) => void seen.push(call);
	await startPeer(world, 'connector', { 'messages.send': remember }, person.id);
	const { token } = await createToken(world, gateway, person, { groups: [jid] });
	const input = { jid, text: 'hello', idempotencyKey: 'key-1' };
	const began = Date.now();
	await callTool(gateway, token, 'send_group_message', input);
	await post(`${gateway.url}/api/messages/send`, input, { cookie: person.cookie });
	await post(`${gateway.url}/api/messages/send`, input, bearer(token));
	expect(seen).toMatchObject([
		{ userId: person.id, groups: [jid], idempotencyKey: 'key-1' },
		{ userId: person.id, groups: null, idempotencyKey: 'key-1' },
		{ userId: person.id, groups: [jid], idempotencyKey: 'key-1' },
	]);
	expect(new Set(seen.map(({ callId }) => callId)).size).toBe(3);
	for (const { deadline } of seen) expect(deadline).toBeGreaterThan(began);
});

it('gives up a read when nobody waits for it, and lets a write run to its end', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	const { token } = await createToken(world, gateway, person);
	const [reading, writing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const goOn = Promise.withResolvers<void>();
	const wait = (started: PromiseWithResolvers<void>) => async () => {
		started.resolve();
		await goOn.promise;
	};
	await startPeer(world, 'storage', {
		'groups.listStarred': wait(reading),
		'groups.markVisited': wait(writing),
	});
	const client = new AbortController();
	const call = async (name: string, args: object) =>
		await fetch(`${gateway.url}/mcp`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...bearer(token) },
			body: JSON.stringify({
				jsonrpc: '2.0',
				id: 1,
				method: 'tools/call',
				params: { name, arguments: args },
			}),
			signal: client.signal,
		});
	const calls = [call('list_starred_groups', {}), call('mark_group_visited', { jid })];
	await Promise.all([reading.promise, writing.promise]);
	client.abort();
	for (const gone of calls) await expect(gone).rejects.toThrow();
	await expect.poll(() => calledWith('storage.groups.listStarred')).toEqual(['timeout']);
	expect(calledWith('storage.groups.markVisited')).toEqual([]);
	goOn.resolve();
	await expect.poll(() => calledWith('storage.groups.markVisited')).toEqual(['ok']);
	expect((await rpc(gateway, token, 'ping')).status).toBe(200);
});

/** How the calls of an operation ended, as the log tells it. */
function calledWith(operation: string): string[] {
	return world.log
		.map((line) => JSON.parse(line) as { msg: string; operation?: string; code: string })
		.filter((line) => line.msg === 'call' && line.operation === operation)
		.map(({ code }) => code);
}
