import { tools } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instructions } from '../src/mcp/instructions.ts';
import { rpc } from './support/mcp.ts';
import { modernRpc } from './support/modern.ts';
import { startPeer } from './support/peers.ts';
import { createToken, type Person, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** What a client is shown beside the calls themselves: instructions, titles, hints, icons, prompts, resources. */

const jid = '120363025246125486@g.us';
let world: World;
let gateway: Gateway;
let person: Person;
let token: string;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway({ CM_RATE_LIMIT_BURST: '1000' });
	await untilReady(gateway);
	person = await signUp(world, gateway);
	await startPeer(world, 'storage');
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } };

it('says the same in both eras: who it is, what it can do, and the instructions', async () => {
	const [{ body: old }, { body: modern }] = await Promise.all([
		rpc(gateway, token, 'initialize', hello),
		modernRpc(gateway, token, { method: 'server/discover' }),
	]);
	const [a, b] = [old.result, modern.result] as { instructions: string; capabilities: object }[];
	expect(a?.instructions).toBe(instructions);
	expect(b?.instructions).toBe(instructions);
	expect(instructions.length).toBeLessThanOrEqual(2_048);
	expect(b?.capabilities).toEqual(a?.capabilities);
	for (const { name } of tools) if (instructions.includes(name)) expect(instructions).toContain(name);
	for (const [, named] of instructions.matchAll(/\b([a-z]+_[a-z_]+)\b/g))
		expect(tools.map(({ name }) => name)).toContain(named);
});

it('shows every tool of the documentation with a title, all four hints and an icon that exists', async () => {
	const { body } = await rpc(gateway, token, 'tools/list');
	const listed = (body.result as { tools: ListedTool[] }).tools;
	expect(listed).toHaveLength(18);
	const icons = new Set<string>();
	for (const { title, annotations, icons: own, outputSchema } of listed) {
		expect(title.length).toBeGreaterThan(5);
		const { title: sameTitle, ...hints } = annotations;
		expect(sameTitle).toBe(title);
		expect(Object.keys(hints).sort()).toEqual([
			'destructiveHint',
			'idempotentHint',
			'openWorldHint',
			'readOnlyHint',
		]);
		expect(Object.values(hints).every((hint) => typeof hint === 'boolean')).toBe(true);
		expect(outputSchema.type).toBe('object');
		for (const { src } of own) icons.add(src);
	}
	expect(icons.size).toBeGreaterThanOrEqual(4);
	for (const src of icons) {
		const response = await fetch(src);
		expect(response.status, src).toBe(200);
		expect(response.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
		expect(await response.text()).toMatch(/^<svg /);
	}
});

type ListedTool = {
	title: string;
	annotations: Record<string, unknown>;
	icons: { src: string }[];
	outputSchema: { type: string };
};

describe('prompts', () => {
	const names = ['set_up_support_group', 'catch_up_on_group', 'who_left_since_last_week'];

	it('are there for the three common flows, and name tools that exist', async () => {
		const { body } = await rpc(gateway, token, 'prompts/list');
		const { prompts } = body.result as { prompts: { name: string; title: string }[] };
		expect(prompts.map(({ name }) => name)).toEqual(names);
		for (const { name, title } of prompts) {
			expect(title.length).toBeGreaterThan(5);
			const got = await rpc(gateway, token, 'prompts/get', {
				name,
				arguments: { name: 'Acme "Support"', group: 'Acme' },
			});
			const { messages } = got.body.result as { messages: { content: { text: string } }[] };
			const text = messages.map(({ content }) => content.text).join('\n');
			expect(text).toMatch(/Acme/);
			for (const [, tool] of text.matchAll(/\b((?:get|list|set|create|mark)_[a-z_]+)\b/g))
				expect(tools.map((one) => one.name)).toContain(tool);
		}
	});

	it('say what they need', async () => {
		const missing = await rpc(gateway, token, 'prompts/get', {
			name: 'set_up_support_group',
			arguments: { name: ' ' },
		});
		expect(missing.body).toMatchObject({
			error: { code: -32602, message: expect.stringContaining('needs name') },
		});
		const unknown = await rpc(gateway, token, 'prompts/get', { name: 'nothing' });
		expect(unknown.body).toMatchObject({
			error: { code: -32602, message: expect.stringContaining('prompts/list') },
		});
		const asks = await rpc(gateway, token, 'prompts/get', { name: 'catch_up_on_group' });
		expect(JSON.stringify(asks.body)).toContain('ask me which group');
	});

	it('are hidden from a token that could not follow them', async () => {
		const reader = await createToken(world, gateway, person, { scopes: ['groups:read', 'messages:read'] });
		const { body } = await rpc(gateway, reader.token, 'prompts/list');
		expect(JSON.stringify(body.result)).not.toContain('set_up_support_group');
		const refused = await rpc(gateway, reader.token, 'prompts/get', {
			name: 'set_up_support_group',
			arguments: { name: 'x' },
		});
		expect(refused.body).toMatchObject({ error: { code: -32602 } });
		const none = await createToken(world, gateway, person, { scopes: ['webhooks:manage'] });
		const { body: told } = await rpc(gateway, none.token, 'initialize', hello);
		expect((told.result as { capabilities: object }).capabilities).toEqual({ tools: {} });
		expect((await rpc(gateway, none.token, 'resources/list')).body).toMatchObject({
			error: { code: -32601 },
		});
	});
});

describe('resources', () => {
	it('are the starred groups, to be read in three ways', async () => {
		const { body } = await rpc(gateway, token, 'resources/list');
		expect(body.result).toMatchObject({
			resources: [{ uri: `chat-manager://groups/${jid}`, name: jid, title: 'WhatsApp group “Acme Support”' }],
		});
		const { body: templates } = await rpc(gateway, token, 'resources/templates/list');
		expect((templates.result as { resourceTemplates: unknown[] }).resourceTemplates).toHaveLength(3);
		for (const [view, expected] of [
			['', 'pendingChanges'],
			['/messages', 'Is the shop open today?'],
			['/changes', 'invite_link'],
		]) {
			const read = await rpc(gateway, token, 'resources/read', {
				uri: `chat-manager://groups/${jid}${view}`,
			});
			expect(JSON.stringify(read.body.result)).toContain(expected);
		}
	});

	it.each(['chat-manager://groups/', 'chat-manager://groups/x/y', 'file:///etc/passwd', ''])(
		'%s does not exist',
		async (uri) => {
			const { body } = await rpc(gateway, token, 'resources/read', { uri });
			expect(body).toMatchObject({ error: { code: expect.any(Number) } });
		},
	);

	it('a group outside of the limit of a token is like one that is not starred', async () => {
		const other = '120363025246125487@g.us';
		const limited = await createToken(world, gateway, person, { groups: [other] });
		const { body } = await rpc(gateway, limited.token, 'resources/read', {
			uri: `chat-manager://groups/${jid}`,
		});
		expect(body).toMatchObject({
			error: { code: -32602, message: expect.stringMatching(/^group_not_starred: /) },
		});
	});

	it('messages need the permission to read messages', async () => {
		const groups = await createToken(world, gateway, person, { scopes: ['groups:read'] });
		const { body } = await rpc(gateway, groups.token, 'resources/read', {
			uri: `chat-manager://groups/${jid}/messages`,
		});
		expect(body).toMatchObject({ error: { message: expect.stringMatching(/^forbidden: .*messages:read/) } });
	});
});
