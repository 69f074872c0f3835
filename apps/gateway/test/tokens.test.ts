import { tokenScopes } from '@chat-manager/contracts';
import { type Clock, createManualClock, systemClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTokenAccess } from '../src/access/token-access.ts';
import { createTokenStore } from '../src/database/access-tokens.ts';
import { openIdentityDatabase } from '../src/database/identity-database.ts';
import { callTool, rpc } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let one: Gateway;
let two: Gateway;
let person: Person;

/** For replicas that wait for one another as long as it takes: a busy machine is slower than their patience. */
const slowness = 30;
const slowClock: Clock = {
	...systemClock,
	monotonicMs: () => systemClock.monotonicMs() / slowness,
	setTimeout: (run, delayMs) => systemClock.setTimeout(run, delayMs * slowness),
};

beforeAll(async () => {
	world = await startWorld();
	const clock = slowClock;
	[one, two] = await Promise.all([world.startGateway({}, { clock }), world.startGateway({}, { clock })]);
	await Promise.all([untilReady(one), untilReady(two)]);
	await startPeer(world, 'storage');
	person = await signUp(world, one);
});
afterAll(async () => await world[Symbol.asyncDispose]());

const revoke = async (id: string, { cookie }: Person = person) =>
	await post(`${one.url}/api/tokens/revoke`, { id }, { cookie });

it('a token works on every replica, and is refused by every one on the next request after it was revoked', async () => {
	for (let round = 0; round < 20; round++) {
		const { id, token } = await createToken(world, one, person);
		// Both know it well by now.
		await callTool(one, token, 'list_starred_groups');
		await callTool(two, token, 'list_starred_groups');
		expect((await revoke(id)).body).toEqual({ id, revoked: true });
		expect((await rpc(two, token, 'tools/list')).status).toBe(401);
		expect((await rpc(one, token, 'tools/list')).status).toBe(401);
	}
});

it('a revoked, an expired and an unknown token get the same answer', async () => {
	const revoked = await createToken(world, one, person);
	await revoke(revoked.id);
	const expired = await createToken(world, one, person);
	await using database = identity();
	await database.db
		.updateTable('access_tokens')
		.set({ expires_at: new Date(0) })
		.where('id', '=', expired.id)
		.execute();
	const unknown = `cm_pat_${'z'.repeat(43)}`;
	const answers = [];
	for (const token of [revoked.token, expired.token, unknown]) {
		const { status, text, headers } = await rpc(one, token, 'tools/list');
		answers.push({ status, text, challenge: headers.get('www-authenticate') });
	}
	expect(answers[0]).toMatchObject({ status: 401 });
	expect(answers[1]).toEqual(answers[0]);
	expect(answers[2]).toEqual(answers[0]);
});

it('revoking twice is as good as once, and a token of somebody else does not exist', async () => {
	const { id, token } = await createToken(world, one, person);
	const stranger = await signUp(world, one);
	expect(await revoke(id, stranger)).toMatchObject({
		status: 404,
		body: { error: { code: 'token_not_found' } },
	});
	expect((await rpc(one, token, 'ping')).status).toBe(200);
	expect((await revoke(id)).status).toBe(200);
	expect((await revoke(id)).status).toBe(200);
	const { body } = await post(`${one.url}/api/tokens/list`, {}, { cookie: stranger.cookie });
	expect(body).toEqual({ tokens: [] });
});

it('the list shows what a token may do and when it was used, and never the token', async () => {
	const { cookie } = person;
	const groups = ['120363025246125486@g.us'];
	const { id, token } = await createToken(world, one, person, { name: ' Claude ', groups });
	const find = async () => {
		const { body, text } = await post(`${one.url}/api/tokens/list`, {}, { cookie });
		expect(text).not.toContain(token);
		return (body.tokens as { id: string; lastUsedAt: string | null }[]).find((listed) => listed.id === id);
	};
	expect(await find()).toMatchObject({
		name: 'Claude',
		scopes: tokenScopes,
		groups,
		expiresAt: null,
		lastUsedAt: null,
	});
	await rpc(two, token, 'tools/list');
	await expect.poll(async () => (await find())?.lastUsedAt).toMatch(/^\d{4}-/);
});

it('only the hash of a token is kept', async () => {
	const { id, token } = await createToken(world, one, person);
	await using database = identity();
	const row = await database.db
		.selectFrom('access_tokens')
		.selectAll()
		.where('id', '=', id)
		.executeTakeFirst();
	expect(JSON.stringify(row)).not.toContain(token.slice('cm_pat_'.length + 4));
	expect(row).toMatchObject({ kind: 'pat', prefix: token.slice(0, 11), client_id: null, audience: null });
	expect(row?.secret_hash).toHaveLength(32);
});

it.each([
	[{ expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt: '],
	[{ scopes: ['account:write'] }, 'scopes.0: '],
	[{ scopes: [] }, 'scopes: '],
	[{ groups: [] }, 'groups: '],
	[{ groups: ['nobody'] }, 'groups.0: '],
	[{ name: '  ' }, 'name: '],
])('a token cannot be made with %j', async (input, message) => {
	const answer = await post(
		`${one.url}/api/tokens/create`,
		{ name: 'x', ...input },
		{ cookie: person.cookie },
	);
	expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
	expect(answer.text).toContain(message);
});

it('a token cannot make or revoke tokens', async () => {
	const { token, id } = await createToken(world, one, person);
	for (const [verb, input] of [
		['create', { name: 'x' }],
		['revoke', { id }],
		['list', {}],
	] as const) {
		expect((await post(`${one.url}/api/tokens/${verb}`, input, bearer(token))).status).toBe(403);
	}
});

it('a replica that hears of no revocation forgets a token by itself', async () => {
	const clock = createManualClock(Date.now());
	await using database = identity();
	await database.prepare(new AbortController().signal);
	const store = createTokenStore(database);
	const access = createTokenAccess({ store, clock, logger: world.logger });
	const { id, token } = await createToken(world, one, person);
	expect(await access.verify(token)).toMatchObject({ userId: person.id, tokenId: id });
	await revoke(id);
	clock.advance(14_999);
	expect(await access.verify(token)).toMatchObject({ tokenId: id });
	clock.advance(1);
	expect(await access.verify(token)).toBeUndefined();
});

it('a token that expires is refused from that moment on, remembered or not', async () => {
	const clock = createManualClock(Date.now());
	await using database = identity();
	await database.prepare(new AbortController().signal);
	const access = createTokenAccess({ store: createTokenStore(database), clock, logger: world.logger });
	const expiresAt = new Date(Date.now() + 5_000_000).toISOString();
	const { token } = await createToken(world, one, person, { expiresAt });
	clock.advance(Date.parse(expiresAt) - clock.now() - 1);
	expect(await access.verify(token)).toBeDefined();
	clock.advance(1);
	expect(await access.verify(token)).toBeUndefined();
});

function identity() {
	const { DATABASE_URL, DATABASE_SCHEMA } = world.settings();
	return openIdentityDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, logger: world.logger });
}
