import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Registry } from '../src/mcp/registry.ts';
import { contentTools } from './conformance/content-tools.ts';
import { createFixtureRegistry } from './conformance/fixture-registry.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/**
 * The direct path in front of the SDK must answer with the SDK's own bytes. Each request goes to two gateways that differ in
 * this alone: in the second no tool is plain. Lists are compared with what the SDK says to an unknown parameter beside.
 */

let world: World;
let direct: Gateway;
let through: Gateway;
let token: string;

type Replacements = NonNullable<Parameters<World['startGateway']>[1]>;

const fixtures = (change: (registry: Registry) => Registry): Replacements => ({
	createRegistry: (_context, _secret, { notify }) => change(createFixtureRegistry(notify)),
});

/** Counts what is called outside of the SDK. */
let directCalls = 0;

beforeAll(async () => {
	world = await startWorld();
	const limits = { CM_RATE_LIMIT_BURST: '100000' };
	[direct, through] = await Promise.all([
		world.startGateway(
			limits,
			fixtures((registry) => ({ ...registry, tools: { ...registry.tools, find: counted(registry) } })),
		),
		world.startGateway(
			limits,
			fixtures((registry) => ({ ...registry, tools: { ...registry.tools, find: notPlain(registry) } })),
		),
	]);
	await Promise.all([untilReady(direct), untilReady(through)]);
	await startPeer(world, 'storage');
	({ token } = await createToken(world, direct, await signUp(world, direct)));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const counted =
	({ tools }: Registry) =>
	(name: string) => {
		const tool = tools.find(name);
		if (tool === undefined) return undefined;
		return {
			...tool,
			call: (call: Parameters<typeof tool.call>[0]) => {
				if (call.round === undefined) directCalls++;
				return tool.call(call);
			},
		};
	};

const notPlain =
	({ tools }: Registry) =>
	(name: string) => {
		const tool = tools.find(name);
		return tool === undefined ? undefined : { ...tool, plain: false };
	};

const envelope = (capabilities: object = {}) => ({
	'io.modelcontextprotocol/protocolVersion': '2026-07-28',
	'io.modelcontextprotocol/clientCapabilities': capabilities,
	'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
});

type Sent = { body: Record<string, unknown>; headers: Record<string, string> };

function legacy(method: string, params: object | undefined, id: unknown = 1, version = ''): Sent {
	const body = { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) };
	return { body, headers: version === '' ? {} : { 'mcp-protocol-version': version } };
}

function modern(method: string, params: { name?: string }, change: Record<string, unknown> = {}): Sent {
	const { name } = params;
	return {
		body: { jsonrpc: '2.0', id: 'm', method, params: { ...params, _meta: { ...envelope(), ...change } } },
		headers: {
			'mcp-protocol-version': '2026-07-28',
			'mcp-method': method,
			...(name === undefined ? {} : { 'mcp-name': name }),
		},
	};
}

async function ask({ url }: Gateway, { body, headers }: Sent) {
	const answer = await post(`${url}/mcp`, body, { ...bearer(token), ...headers });
	const { status, text } = answer;
	const shown = ['content-type', 'cache-control', 'retry-after', 'www-authenticate'];
	return { status, text, headers: shown.map((name) => answer.headers.get(name)) };
}

const plainTools = Object.entries(contentTools).flatMap(([name, { plain }]) => (plain ? [name] : []));
const calls = plainTools.flatMap((name): [string, Sent][] => [
	[`${name}, by hand`, legacy('tools/call', { name, arguments: {} })],
	[`${name}, without arguments`, legacy('tools/call', { name }, 'id with "quotes" and \u2028', '2025-06-18')],
	[`${name}, 2026-07-28`, modern('tools/call', { name, arguments: {} } as { name: string })],
]);
/** Slightly unusual each: whoever answers, it must be the same. */
const unusual: [string, Sent][] = [
	['a cursor', legacy('tools/list', { cursor: 'x' })],
	['no params', legacy('tools/list', undefined, 0)],
	['an id below zero', legacy('tools/list', {}, -7)],
	['an id with a fraction', legacy('tools/list', {}, 1.5)],
	['an id that is too large', legacy('tools/list', {}, 2 ** 60)],
	['no id', { body: { jsonrpc: '2.0', method: 'tools/list' }, headers: {} }],
	['an id that is null', legacy('tools/list', {}, null)],
	['another version of JSON-RPC', { body: { jsonrpc: '1.0', id: 1, method: 'tools/list' }, headers: {} }],
	['a field too many', { body: { jsonrpc: '2.0', id: 1, method: 'tools/list', extra: 1 }, headers: {} }],
	['params that are a list', legacy('tools/list', [])],
	['an unknown revision', legacy('tools/list', {}, 1, '1999-01-01')],
	['the newest of the older revisions', legacy('tools/list', {}, 1, '2025-11-25')],
	['the oldest one', legacy('tools/list', {}, 1, '2024-11-05')],
	['a progress token', legacy('tools/call', { name: 'test_simple_text', _meta: { progressToken: 1 } })],
	['an empty _meta', legacy('tools/call', { name: 'test_simple_text', _meta: {} })],
	['arguments that are a list', legacy('tools/call', { name: 'test_simple_text', arguments: [] })],
	['arguments that are null', legacy('tools/call', { name: 'test_simple_text', arguments: null })],
	['a name that is a number', legacy('tools/call', { name: 1 })],
	['an unknown tool', legacy('tools/call', { name: 'nothing' })],
	['a tool called like a method of objects', legacy('tools/call', { name: 'constructor' })],
	['a field of tasks', legacy('tools/call', { name: 'test_simple_text', task: {} })],
	['2026-07-28, a list', modern('tools/list', {})],
	['2026-07-28, capabilities', modern('tools/list', {}, envelope({ elicitation: { form: {} }, roots: {} }))],
	['2026-07-28, capabilities that are none', modern('tools/list', {}, envelope({ elicitation: 3 }))],
	[
		'2026-07-28, a client without a name',
		modern('tools/list', {}, { 'io.modelcontextprotocol/clientInfo': { version: '1' } }),
	],
	[
		'2026-07-28, a trace',
		modern('tools/list', {}, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }),
	],
	['2026-07-28, a progress token', modern('tools/list', {}, { progressToken: 'p' })],
	[
		'2026-07-28, no header of the method',
		{ ...modern('tools/list', {}), headers: { 'mcp-protocol-version': '2026-07-28' } },
	],
	[
		'2026-07-28, another name in the header',
		{
			...modern('tools/call', { name: 'test_simple_text' }),
			headers: {
				'mcp-protocol-version': '2026-07-28',
				'mcp-method': 'tools/call',
				'mcp-name': 'test_image_content',
			},
		},
	],
	[
		'2026-07-28 in the header alone',
		{ body: legacy('tools/list', {}).body, headers: { 'mcp-protocol-version': '2026-07-28' } },
	],
];

describe('the direct path answers as the SDK does', () => {
	it.each(calls)('%s', async (_name, sent) => {
		const before = directCalls;
		const answer = await ask(direct, sent);
		expect(directCalls).toBe(before + 1);
		expect(answer).toEqual(await ask(through, sent));
		expect(answer.status).toBe(200);
	});

	it.each(unusual)('%s', async (_name, sent) => {
		expect(await ask(direct, sent)).toEqual(await ask(through, sent));
	});

	it.each([
		['by hand', legacy('tools/list', {})],
		['2026-07-28', modern('tools/list', {})],
	])('a list, %s', async (_name, sent) => {
		// A name that is not among the parameters is no order of ours: the SDK answers.
		const kept: Sent = {
			...sent,
			body: { ...sent.body, params: { ...Object(sent.body.params), unknown: 1 } },
		};
		const answer = await ask(direct, sent);
		expect(answer).toEqual(await ask(direct, kept));
		expect(answer.status).toBe(200);
	});
});
