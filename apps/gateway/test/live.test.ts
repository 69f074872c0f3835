import { tellChange } from '@chat-manager/bus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLivePage } from './support/live.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, post, readAnswer, signIn, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

const jid = '120363025246125486@g.us';
let world: World;
let one: Gateway;
let other: Gateway;

beforeAll(async () => {
	world = await startWorld();
	one = await world.startGateway();
	other = await world.startGateway();
	await Promise.all([untilReady(one), untilReady(other)]);
	await startPeer(world, 'storage');
});
afterAll(() => world[Symbol.asyncDispose]());

it('tells every open page of a person what changed, at every replica, and nobody else', async () => {
	const person = await signUp(world, one);
	const stranger = await signUp(world, one);
	await using here = await openLivePage(one, person);
	await using there = await openLivePage(other, person);
	await using foreign = await openLivePage(one, stranger);
	const bus = await world.connect('storage');
	for (let index = 0; index < 100; index++) tellChange(bus, person.id, { topic: 'messages', groupJid: jid });
	for (const page of [here, there])
		await expect
			.poll(() => page.told)
			.toContainEqual({ event: 'changes', data: [{ topic: 'messages', groupJid: jid }] });
	expect(here.topics().length).toBeLessThan(20);
	tellChange(bus, stranger.id, { topic: 'device' });
	await expect.poll(() => foreign.topics()).toEqual(['device']);
	// What is told after it is there, and it is not.
	tellChange(bus, person.id, { topic: 'settings' });
	await expect.poll(() => here.topics()).toContain('settings');
	expect(here.topics()).not.toContain('device');
});

it('tells of what the person does elsewhere, and of what an agent does', async () => {
	const person = await signUp(world, one);
	await using page = await openLivePage(other, person);
	const { token } = await createToken(world, one, person);
	await expect.poll(() => page.topics()).toContain('tokens');
	page.told.length = 0;
	const call = {
		jsonrpc: '2.0',
		id: 1,
		method: 'tools/call',
		params: { name: 'list_starred_groups', arguments: {} },
	};
	expect((await post(`${one.url}/mcp`, call, bearer(token))).status).toBe(200);
	await expect.poll(() => page.topics()).toEqual(expect.arrayContaining(['tokens', 'audit']));
	expect((await post(`${one.url}/api/groups/mark-visited`, { jid }, { cookie: person.cookie })).status).toBe(
		200,
	);
	await expect.poll(() => page.topics()).toContain('groups');
	expect(JSON.stringify(page.told)).not.toContain(token);
});

it('ends with its session, wherever that was ended, and with no other', async () => {
	const person = await signUp(world, one);
	const second = { ...person, cookie: await signIn(world, one, person) };
	await using page = await openLivePage(one, person);
	await using kept = await openLivePage(one, second);
	await post(`${other.url}/api/auth/sign-out`, {}, { cookie: person.cookie });
	await expect.poll(() => page.isEnded()).toBe(true);
	expect(page.told.at(-1)?.event).toBe('ended');
	tellChange(await world.connect('storage'), person.id, { topic: 'settings' });
	await expect.poll(() => kept.topics()).toContain('settings');
	const third = { ...person, cookie: await signIn(world, one, person) };
	await post(`${other.url}/api/auth/revoke-other-sessions`, {}, { cookie: third.cookie });
	await expect.poll(() => kept.isEnded()).toBe(true);
});

it('is for people alone, on our own pages alone, and for so many pages', async () => {
	const person = await signUp(world, one);
	const { token } = await createToken(world, one, person);
	const { cookie } = person;
	const ask = async (headers: Record<string, string>) =>
		readAnswer(await fetch(`${one.url}/api/events`, { headers }));
	expect((await ask({})).status).toBe(401);
	expect((await ask({ cookie: 'cm_session=nothing.nothing' })).status).toBe(401);
	const byToken = await ask(bearer(token));
	expect([byToken.status, byToken.text]).toEqual([403, expect.stringContaining('register a webhook')]);
	expect((await ask({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
	expect((await post(`${one.url}/api/events`, {}, { cookie })).status).toBe(405);
	await using pages = new AsyncDisposableStack();
	for (let index = 0; index < 12; index++) pages.use(await openLivePage(one, person));
	const tooMany = await ask({ cookie });
	expect([tooMany.status, tooMany.text]).toEqual([429, expect.stringContaining('Close one of them')]);
});

it('says that something may have been missed when the bus was away', async () => {
	const person = await signUp(world, one);
	await using page = await openLivePage(one, person);
	await world.nats.restart();
	// Once more, or oftener: a server that is just starting may lose a connection again.
	await expect
		.poll(() => page.told.filter(({ event }) => event === 'ready').length)
		.toBeGreaterThanOrEqual(2);
	const bus = await world.connect('storage');
	tellChange(bus, person.id, { topic: 'settings' });
	await expect.poll(() => page.topics()).toEqual(['settings']);
});

it('does not hold up a process that stops', async () => {
	const person = await signUp(world, one);
	const stopping = await world.startGateway();
	await untilReady(stopping);
	const session = await signIn(world, stopping, person);
	await using page = await openLivePage(stopping, { cookie: session });
	await stopping[Symbol.asyncDispose]();
	await expect.poll(() => page.isEnded()).toBe(true);
	expect(page.told.map(({ event }) => event)).not.toContain('ended');
});
