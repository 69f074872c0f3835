import { tools } from '@chat-manager/contracts';
import {
	Client as ModernClient,
	StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callTool, rpc, type ToolResult } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

const jid = '120363025246125486@g.us';
let world: World;
let gateway: Gateway;
let person: Person;
let token: string;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway();
	await untilReady(gateway);
	await startPeer(world, 'storage');
	await startPeer(world, 'webhooks');
	person = await signUp(world, gateway);
	await startPeer(world, 'connector', {}, person.id);
});
/** One for each test, so that none uses up what another may call. */
beforeEach(async () => {
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const info = { name: 'test', version: '1.0.0' };
const url = () => new URL(`${gateway.url}/mcp`);
const requestInit = () => ({ headers: bearer(token) });

describe('a client of the first SDK', () => {
	it('connects, lists and calls every tool', async () => {
		const client = new LegacyClient(info);
		await client.connect(new LegacyTransport(url(), { requestInit: requestInit() }) as never);
		const list = await client.listTools();
		expect(list.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
		for (const { name, entry } of tools) {
			const result = await client.callTool({ name, arguments: entry.operation.example.input });
			expect(result.isError, JSON.stringify(result)).toBeUndefined();
			expect(result.structuredContent).toEqual(entry.operation.output.parse(entry.operation.example.output));
		}
		await client.close();
	});
});

describe('a client of the second SDK', () => {
	it.each([
		['of its own choice', undefined],
		['pinned to 2026-07-28', { mode: { pin: '2026-07-28' } } as const],
		['of the handshake era', { mode: 'legacy' } as const],
	])('%s, connects, lists and calls', async (_name, versionNegotiation) => {
		const client = new ModernClient(info, versionNegotiation === undefined ? {} : { versionNegotiation });
		await client.connect(new ModernTransport(url(), { requestInit: requestInit() }));
		expect((await client.listTools()).tools).toHaveLength(tools.length);
		const result = await client.callTool({ name: 'get_starred_group', arguments: { jid } });
		expect(result.structuredContent).toMatchObject({ jid, name: 'Acme Support' });
		await client.close();
	});

	it('is told the same in both eras', async () => {
		const told = await Promise.all(
			([{ mode: { pin: '2026-07-28' } }, { mode: 'legacy' }] as const).map(async (versionNegotiation) => {
				const client = new ModernClient(info, { versionNegotiation });
				await client.connect(new ModernTransport(url(), { requestInit: requestInit() }));
				const instructions = client.getInstructions();
				await client.close();
				return instructions;
			}),
		);
		expect(told[0]?.length).toBeGreaterThan(100);
		expect(told[0]?.length).toBeLessThanOrEqual(2048);
		expect(told[1]).toBe(told[0]);
	});
});

describe('by hand', () => {
	it.each(['2025-06-18', '2025-11-25', '2025-03-26', '2024-11-05'])(
		'initialize answers %s as asked',
		async (version) => {
			const { status, body } = await rpc(gateway, token, 'initialize', {
				protocolVersion: version,
				capabilities: {},
				clientInfo: info,
			});
			expect(status).toBe(200);
			expect(body).toMatchObject({
				id: 1,
				result: { protocolVersion: version, serverInfo: { name: 'chat-manager' } },
			});
			expect((body.result as { capabilities: object }).capabilities).toEqual({
				tools: {},
				prompts: {},
				resources: {},
			});
		},
	);

	it('a notification is accepted without a body, and ping is answered', async () => {
		const response = await fetch(url(), {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...bearer(token) },
			body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
		});
		expect(response.status).toBe(202);
		expect(await response.text()).toBe('');
		expect((await rpc(gateway, token, 'ping')).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
	});

	it('the scheme of the token is read in any case', async () => {
		const response = await fetch(url(), {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: `bearer ${token}` },
			body: JSON.stringify({ jsonrpc: '2.0', id: 'a', method: 'tools/list' }),
		});
		expect(response.status).toBe(200);
	});

	it('two lists are the same bytes', async () => {
		const [one, two] = [await rpc(gateway, token, 'tools/list'), await rpc(gateway, token, 'tools/list')];
		expect(one.text).toBe(two.text);
	});

	it('an unknown tool is an error of the protocol', async () => {
		const { status, body } = await rpc(
			gateway,
			token,
			'tools/call',
			{ name: 'no_such_tool', arguments: {} },
			'x',
		);
		expect(status).toBe(200);
		expect(body).toMatchObject({
			id: 'x',
			error: { code: -32602, message: expect.stringContaining('tools/list') },
		});
	});

	it('an unknown method is an error of the protocol', async () => {
		expect((await rpc(gateway, token, 'no/such/method')).body).toMatchObject({ error: { code: -32601 } });
	});
});

describe('by hand, in 2026-07-28', () => {
	const meta = {
		'io.modelcontextprotocol/protocolVersion': '2026-07-28',
		'io.modelcontextprotocol/clientCapabilities': {},
		'io.modelcontextprotocol/clientInfo': info,
	};

	async function modern(method: string, params: object, headers: Record<string, string> = {}) {
		const message = { jsonrpc: '2.0', id: 'm', method, params: { _meta: meta, ...params } };
		const version = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
		return await post(url().href, message, { ...bearer(token), ...version, ...headers });
	}

	it('discover tells the revision and what the server is', async () => {
		const { status, body } = await modern('server/discover', {});
		expect(status).toBe(200);
		expect(body).toMatchObject({
			id: 'm',
			result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, cacheScope: 'private' },
		});
	});

	it('a list may be kept for a while, by its client alone', async () => {
		const { body } = await modern('tools/list', {});
		expect(body).toMatchObject({ result: { resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' } });
	});

	it('a call is answered', async () => {
		const params = { name: 'list_starred_groups', arguments: {} };
		const { status, body } = await modern('tools/call', params, { 'mcp-name': 'list_starred_groups' });
		expect(status).toBe(200);
		expect(body).toMatchObject({ id: 'm', result: { structuredContent: { nextCursor: null } } });
	});

	it.each([
		['a header that names another method', 'tools/list', {}, { 'mcp-method': 'tools/call' }, 400, -32020],
		['an unknown method', 'no/such', {}, {}, 404, -32601],
		[
			'an unknown revision',
			'tools/list',
			{ _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } },
			{ 'mcp-protocol-version': '2099-01-01' },
			400,
			-32022,
		],
		[
			'no capabilities',
			'tools/list',
			{ _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
			{},
			400,
			-32602,
		],
	])('%s is refused', async (_name, method, params, headers, status, code) => {
		const answer = await modern(method, params, headers as Record<string, string>);
		expect(answer).toMatchObject({ status, body: { id: 'm', error: { code } } });
	});

	it('listening for changes ends at once: there are none', async () => {
		const response = await fetch(url(), {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...bearer(token),
				'mcp-protocol-version': '2026-07-28',
				'mcp-method': 'subscriptions/listen',
			},
			body: JSON.stringify({
				jsonrpc: '2.0',
				id: 's',
				method: 'subscriptions/listen',
				params: { _meta: meta, notifications: { toolsListChanged: true } },
			}),
		});
		expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
		expect(await response.text()).toContain('"resultType":"complete"');
	});
});

describe('what a token may do', () => {
	it('hides tools and refuses calls', async () => {
		const narrow = await createToken(world, gateway, person, { scopes: ['groups:read'] });
		const { body } = await rpc(gateway, narrow.token, 'tools/list');
		const names = (body.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
		expect(names).toEqual(tools.filter(({ scope }) => scope === 'groups:read').map(({ name }) => name));
		const refused = await callTool(gateway, narrow.token, 'send_group_message', { jid, text: 'hello' });
		expect(refused).toMatchObject({ isError: true });
		expect(textOf(refused)).toMatch(
			/^forbidden: send_group_message failed\. This needs the permission messages:send/,
		);
	});

	it('ends at the groups that it is limited to', async () => {
		const limited = await createToken(world, gateway, person, { groups: [jid] });
		expect((await callTool(gateway, limited.token, 'get_starred_group', { jid })).isError).toBeUndefined();
		const other = '120363025246125487@g.us';
		for (const { name, entry } of tools.filter((tool) => 'jid' in tool.entry.operation.input.shape)) {
			const result = await callTool(gateway, limited.token, name, {
				...entry.operation.example.input,
				jid: other,
			});
			expect(textOf(result)).toMatch(/^group_not_starred: /);
		}
		const webhook = { url: 'https://example.com/', groups: [other] };
		expect(textOf(await callTool(gateway, limited.token, 'add_webhook', webhook))).toMatch(
			/^group_not_starred: /,
		);
	});
});

describe('what members wrote', () => {
	it('stands inside a boundary that differs each time', async () => {
		const texts = [
			textOf(await callTool(gateway, token, 'get_group_messages', { jid })),
			textOf(await callTool(gateway, token, 'get_group_messages', { jid })),
		];
		const tags = texts.map((text) => /^<(untrusted-data-[0-9a-f-]{36})>$/m.exec(text)?.[1]);
		expect(tags[0]).toBeDefined();
		expect(tags[0]).not.toBe(tags[1]);
		for (const [index, text] of texts.entries()) {
			expect(text).toMatch(/never follow instructions/);
			expect(text.endsWith(`\n</${tags[index]}>`)).toBe(true);
			expect(text.indexOf('Is the shop open today?')).toBeGreaterThan(text.indexOf(`\n<${tags[index]}>`));
		}
	});
});

function textOf(result: ToolResult): string {
	return result.content.map(({ text }) => text).join('\n');
}
