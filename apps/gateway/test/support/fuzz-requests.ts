import { type Tool, tools } from '@chat-manager/contracts';
import type { Random } from '@chat-manager/test-run';

/** One request as bytes and headers, and which tool it was made from. */
export type FuzzedRequest = { tool: string; body: string; headers: Record<string, string> };

const strange: readonly unknown[] = [
	null,
	true,
	0,
	-1,
	1.5,
	1e308,
	'',
	' ',
	'\u0000',
	'\ud800',
	'\u202E',
	'__proto__',
	'constructor',
	"'; drop table messages; --",
	'../../etc/passwd',
	'120363025246125486@g.us',
	'cm1.0.',
	'cm1.999999.x',
	'x'.repeat(70_000),
	[],
	{},
	[[[[]]]],
	{ toString: 1, hasOwnProperty: 2 },
	Array.from({ length: 200 }, (_, index) => index),
];
const methods = [
	'tools/call',
	'tools/call',
	'tools/call',
	'tools/list',
	'resources/read',
	'prompts/get',
	'server/discover',
	'initialize',
	'ping',
	'subscriptions/listen',
	'completion/complete',
	'logging/setLevel',
	'no/such/method',
	'',
];

/**
 * A request that has the structure of a right one and something wrong in one or more places: in the bytes, the frame, the
 * parameters, the arguments of the tool, or the headers.
 */
export function fuzzRequest(random: Random, tool: Tool): FuzzedRequest {
	const isModern = random.chance(0.5);
	const message = random.chance(0.6) ? callOf(tool, isModern) : otherOf(random, tool, isModern);
	const headers: Record<string, string> = isModern ? modernHeaders(message) : legacyHeaders(random);
	for (let times = random.below(3); times >= 0; times--)
		mutate(random, random.chance(0.8) ? (message.params?.arguments ?? message) : message);
	if (random.chance(0.1)) mutateHeaders(random, headers);
	let body = JSON.stringify(message) ?? '';
	if (random.chance(0.05)) body = `[${body},${body}]`;
	if (random.chance(0.08)) body = breakBytes(random, body);
	return { tool: tool.name, body, headers };
}

/** Each tool as often as any other. */
export function toolFor(index: number): Tool {
	const tool = tools[index % tools.length];
	if (tool === undefined) throw new Error('There are no tools');
	return tool;
}

type Message = { jsonrpc: unknown; id: unknown; method: string; params: Record<string, unknown> };

const envelope = {
	'io.modelcontextprotocol/protocolVersion': '2026-07-28',
	'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
	'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
};

function callOf({ name, entry }: Tool, isModern: boolean): Message {
	const args: unknown = JSON.parse(JSON.stringify(entry.operation.example.input));
	const params = { name, arguments: args, ...(isModern ? { _meta: structuredClone(envelope) } : {}) };
	return { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
}

function otherOf(random: Random, tool: Tool, isModern: boolean): Message {
	const message = callOf(tool, isModern);
	message.method = random.pick(methods);
	if (message.method === 'resources/read')
		message.params.uri = random.pick([
			'chat-manager://groups/120363025246125486@g.us',
			'chat-manager://',
			'x',
		]);
	if (message.method === 'prompts/get')
		message.params.name = random.pick(['catch_up_on_group', 'set_up_support_group', 'x']);
	return message;
}

function modernHeaders({ method, params }: Message): Record<string, string> {
	const target = params.uri ?? params.name;
	return {
		'mcp-protocol-version': '2026-07-28',
		...(method === '' ? {} : { 'mcp-method': method }),
		...(typeof target === 'string' ? { 'mcp-name': target } : {}),
	};
}

function legacyHeaders(random: Random): Record<string, string> {
	const version = random.pick(['', '2025-11-25', '2025-06-18', '2024-11-05', '1999-01-01']);
	return version === '' ? {} : { 'mcp-protocol-version': version };
}

/** Changes one place, wherever in the tree it is. */
function mutate(random: Random, root: unknown): void {
	const places: [Record<string, unknown>, string][] = [];
	const visit = (node: unknown): void => {
		if (typeof node !== 'object' || node === null) return;
		const fields = node as Record<string, unknown>;
		for (const key of Object.keys(fields)) {
			places.push([fields, key]);
			visit(fields[key]);
		}
	};
	visit(root);
	if (places.length === 0) return;
	const [fields, key] = random.pick(places);
	const value = fields[key];
	const action = random.below(6);
	if (action === 0) delete fields[key];
	else if (action === 1)
		fields[random.pick(['extra', '__proto__x', 'cursor', 'limit', 'confirm'])] = structuredClone(
			random.pick(strange),
		);
	else if (action === 2 && typeof value === 'string') fields[key] = bent(random, value);
	else if (action === 3) fields[key] = [value];
	else if (action === 4 && Array.isArray(value)) value.push(...value);
	else fields[key] = structuredClone(random.pick(strange));
}

function bent(random: Random, text: string): string {
	const place = random.below(text.length + 1);
	const piece = random.pick(['\u0000', '\u202E', '"', '\\', '%', ' ', '\n', 'é', '😀', '']);
	return `${text.slice(0, place)}${piece}${text.slice(place + random.below(3))}`;
}

function mutateHeaders(random: Random, headers: Record<string, string>): void {
	const [name, value] = random.pick<[string, string]>([
		['content-type', 'text/plain'],
		['content-type', 'application/json; charset=utf-16'],
		['content-encoding', 'gzip'],
		['accept', 'text/html'],
		['accept', ''],
		['origin', 'https://evil.example'],
		['mcp-protocol-version', '2026-07-28'],
		['mcp-method', 'tools/list'],
		['mcp-name', '=?base64?AAAA?='],
		['mcp-session-id', 'x'],
		['authorization', 'Bearer cm_pat_wrong'],
	]);
	headers[name] = value;
}

function breakBytes(random: Random, body: string): string {
	const place = random.below(body.length);
	return random.pick([
		body.slice(0, place),
		`${body.slice(0, place)}\u0007${body.slice(place)}`,
		`${body}${body}`,
		`\ufeff${body}`,
		'['.repeat(3_000),
		`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
	]);
}
