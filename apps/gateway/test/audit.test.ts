import { tools } from '@chat-manager/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { pruneAuditLines } from '../src/database/audit-entries.ts';
import { openIdentityDatabase } from '../src/database/identity-database.ts';
import { callTool, rpc } from './support/mcp.ts';
import { modernRpc } from './support/modern.ts';
import { type Answers, startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

const jid = '120363025246125486@g.us';
let world: World;
let gateway: Gateway;
let other: Gateway;
let person: Person;
/** Called while a service works. */
let meanwhile: (() => Promise<void>) | undefined;

beforeAll(async () => {
	world = await startWorld();
	const limits = { CM_RATE_LIMIT_BURST: '1000' };
	[gateway, other] = await Promise.all([world.startGateway(limits), world.startGateway(limits)]);
	await Promise.all([untilReady(gateway), untilReady(other)]);
	person = await signUp(world, gateway);
	const looking: Answers = {
		'messages.send': async () => {
			await meanwhile?.();
			return undefined;
		},
	};
	await startPeer(world, 'storage');
	await startPeer(world, 'webhooks');
	await startPeer(world, 'connector', looking, person.id);
});
afterAll(async () => await world[Symbol.asyncDispose]());

const Page = z.object({
	entries: z.array(
		z.object({
			id: z.string(),
			at: z.string(),
			callId: z.string(),
			tokenId: z.string(),
			tokenName: z.string(),
			tool: z.string(),
			argumentsDigest: z.string().nullable(),
			outcome: z.string(),
			durationMs: z.number().nullable(),
		}),
	),
	nextCursor: z.string().nullable(),
});

async function audit(filter: Record<string, unknown> = {}, { cookie }: Person = person, from = gateway) {
	const answer = await post(`${from.url}/api/audit/list`, filter, { cookie });
	expect(answer.status, answer.text).toBe(200);
	return { ...Page.parse(answer.body), text: answer.text };
}

it('has a line for every call of every tool: who, which token, which tool, how it ended, how long', async () => {
	const { id, token } = await createToken(world, gateway, person, { name: 'Audited', confirmation: 'never' });
	for (const { name, entry } of tools) await callTool(gateway, token, name, entry.operation.example.input);
	const { entries } = await audit({ tokenId: id, limit: 200 });
	expect(entries.map(({ tool }) => tool).reverse()).toEqual(tools.map(({ name }) => name));
	for (const entry of entries) {
		expect(entry).toMatchObject({ tokenId: id, tokenName: 'Audited', outcome: 'ok' });
		expect(entry.durationMs).toBeGreaterThanOrEqual(0);
		expect(Math.abs(Date.now() - Date.parse(entry.at))).toBeLessThan(600_000);
	}
});

it('says how a call failed, that a person was asked, and what came in through /api', async () => {
	const { id, token } = await createToken(world, gateway, person, {
		scopes: ['groups:read', 'groups:manage'],
	});
	await callTool(gateway, token, 'send_group_message', { jid, text: 'x' });
	await callTool(gateway, token, 'get_starred_group', { jid: 'nobody' });
	await modernRpc(gateway, token, {
		method: 'tools/call',
		params: { name: 'unstar_group', arguments: { jid } },
		capabilities: { elicitation: {} },
	});
	await post(`${gateway.url}/api/groups/get-starred`, { jid }, bearer(token));
	await rpc(gateway, token, 'resources/read', { uri: `chat-manager://groups/${jid}` });
	const { entries } = await audit({ tokenId: id });
	expect(entries.map(({ tool, outcome }) => [tool, outcome]).reverse()).toEqual([
		['send_group_message', 'forbidden'],
		['get_starred_group', 'invalid_input'],
		['unstar_group', 'asked'],
		['get_starred_group', 'ok'],
		['get_starred_group', 'ok'],
	]);
});

it('keeps nothing of what was said, but can tell whether it was the same', async () => {
	const { id, token } = await createToken(world, gateway, person);
	const said = `a secret that nobody may read later ${crypto.randomUUID()}`;
	await callTool(gateway, token, 'send_group_message', { jid, text: said, idempotencyKey: 'k1' });
	await callTool(gateway, token, 'send_group_message', { idempotencyKey: 'k1', text: said, jid });
	await callTool(gateway, token, 'send_group_message', { jid, text: `${said}!`, idempotencyKey: 'k1' });
	const { entries, text } = await audit({ tokenId: id });
	expect(text).not.toMatch(/secret|k1|120363/);
	const digests = entries.map(({ argumentsDigest }) => argumentsDigest);
	expect(digests[1]).toBe(digests[2]);
	expect(digests[0]).not.toBe(digests[1]);
	await using database = identity();
	const rows = await database.db
		.selectFrom('audit_entries')
		.selectAll()
		.where('user_id', '=', person.id)
		.execute();
	expect(JSON.stringify(rows)).not.toMatch(/secret|120363/);
	// Whoever knows the arguments of one account cannot find them in another's log.
	const stranger = await signUp(world, gateway);
	const theirs = await createToken(world, gateway, stranger);
	await callTool(gateway, theirs.token, 'send_group_message', { jid, text: said, idempotencyKey: 'k1' });
	const [line] = (await audit({}, stranger)).entries;
	expect(line?.argumentsDigest).not.toBe(digests[1]);
});

it('has the line before anything happens, so that no effect is without one', async () => {
	const { id, token } = await createToken(world, gateway, person);
	const seen: string[] = [];
	meanwhile = async () => {
		const { entries } = await audit({ tokenId: id }, person, other);
		seen.push(...entries.map(({ tool, outcome }) => `${tool} ${outcome}`));
	};
	try {
		await callTool(gateway, token, 'send_group_message', { jid, text: 'x' });
	} finally {
		meanwhile = undefined;
	}
	expect(seen).toEqual(['send_group_message unknown']);
	expect((await audit({ tokenId: id })).entries[0]).toMatchObject({ outcome: 'ok' });
});

it('is read page by page, narrowed down, by its owner alone', async () => {
	const { id, token } = await createToken(world, gateway, person, { scopes: ['groups:read'] });
	for (let index = 0; index < 7; index++) await callTool(gateway, token, 'list_starred_groups');
	await callTool(gateway, token, 'get_group_messages', { jid });
	const ids: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await audit({ tokenId: id, limit: 3, ...(cursor === undefined ? {} : { cursor }) });
		expect(page.entries.length).toBeLessThanOrEqual(3);
		ids.push(...page.entries.map((entry) => entry.id));
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	expect(new Set(ids).size).toBe(8);
	expect((await audit({ tokenId: id, outcome: 'forbidden' })).entries).toHaveLength(1);
	expect((await audit({ tokenId: id, tool: 'list_starred_groups' })).entries).toHaveLength(7);
	const later = new Date(Date.now() + 60_000).toISOString();
	expect((await audit({ tokenId: id, since: later })).entries).toEqual([]);
	expect((await audit({ tokenId: id, until: later })).entries).toHaveLength(8);
	const stranger = await signUp(world, gateway);
	expect((await audit({ tokenId: id }, stranger)).entries).toEqual([]);
	const byToken = await post(`${gateway.url}/api/audit/list`, {}, bearer(token));
	expect(byToken).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
	const wrong = await post(`${gateway.url}/api/audit/list`, { cursor: 'x' }, { cookie: person.cookie });
	expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
});

it('refuses what changes something while nothing can be written down', async () => {
	const { token } = await createToken(world, gateway, person);
	await callTool(gateway, token, 'list_starred_groups');
	await using database = identity();
	await database.db.schema.alterTable('audit_entries').renameTo('audit_entries_away').execute();
	try {
		const sent = await callTool(gateway, token, 'send_group_message', { jid, text: 'x' });
		expect(sent.isError).toBe(true);
		expect((await callTool(gateway, token, 'list_starred_groups')).isError).toBeUndefined();
	} finally {
		await database.db.schema.alterTable('audit_entries_away').renameTo('audit_entries').execute();
	}
	expect((await callTool(gateway, token, 'send_group_message', { jid, text: 'x' })).isError).toBeUndefined();
});

it('forgets what is too old, and only that', async () => {
	const { id, token } = await createToken(world, gateway, person);
	await callTool(gateway, token, 'list_starred_groups');
	await callTool(gateway, token, 'get_starred_group', { jid });
	const [newest] = (await audit({ tokenId: id })).entries;
	await using database = identity();
	await database.prepare(new AbortController().signal);
	// Too old for us, not for the gateways, which forget by themselves as well.
	const [now, hourMs] = [Date.now(), 3_600_000];
	await database.db
		.updateTable('audit_entries')
		.set({ at: new Date(now - 2 * hourMs) })
		.where('user_id', '=', person.id)
		.where('token_id', '=', id)
		.where('tool', '=', 'list_starred_groups')
		.execute();
	expect(await pruneAuditLines(database, new Date(now - hourMs))).toBe(1);
	expect((await audit({ tokenId: id })).entries).toEqual([newest]);
});

function identity() {
	const { DATABASE_URL, DATABASE_SCHEMA } = world.settings();
	return openIdentityDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, logger: world.logger });
}
