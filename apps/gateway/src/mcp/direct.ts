import {
	CLIENT_CAPABILITIES_META_KEY,
	CLIENT_INFO_META_KEY,
	isSpecType,
	type ListToolsResult,
	PROTOCOL_VERSION_META_KEY,
	SERVER_INFO_META_KEY,
	SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';
import type { Registry } from './registry.ts';
import { jsonOf } from './result-json.ts';
import { cacheHint, type Era } from './server.ts';

/** A message that was let in, with the headers that the protocol looks at. */
export type DirectRequest = {
	readonly registry: Registry;
	readonly caller: Caller;
	readonly body: object;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly signal: AbortSignal;
};

const modernVersion = '2026-07-28';

/**
 * The short way for what agents ask most: `tools/list`, and calls of plain tools. A request that is in perfect order is
 * answered here with the bytes that the SDK would answer with (a test compares them), without a server, a transport and a
 * web request of its own; a list is turned into JSON once. Undefined for anything else, however slightly unusual: that is
 * the SDK's, with all its rules and errors.
 */
export function answerDirectly(request: DirectRequest): Promise<string> | undefined {
	const message = readMessage(request.body);
	if (message === undefined) return undefined;
	const era = eraOf(message, request.headers);
	if (era === undefined) return undefined;
	const { registry, caller, signal } = request;
	const { id, method, params } = message;
	if (method === 'tools/list' && keysAmong(params, ['_meta']))
		return Promise.resolve(inEnvelope(listJson(registry, registry.tools.list(caller), era), id));
	if (method !== 'tools/call' || !keysAmong(params, ['name', 'arguments', '_meta'])) return undefined;
	const { name, arguments: args } = params;
	if (typeof name !== 'string' || (args !== undefined && !isObject(args))) return undefined;
	const tool = registry.tools.find(name);
	if (tool?.plain !== true) return undefined;
	return tool
		.call({ args, caller, signal })
		.then((result) => inEnvelope(inEraJson(result, registry, era), id));
}

type Message = { id: string | number; method: string; params: Record<string, unknown> };

function readMessage(body: object): Message | undefined {
	if (!keysAmong(body, ['jsonrpc', 'id', 'method', 'params'])) return undefined;
	const { jsonrpc, id, method, params = {} } = body;
	if (jsonrpc !== '2.0' || typeof method !== 'string' || !isObject(params)) return undefined;
	if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
	return { id: typeof id === 'string' ? id : Number(id), method, params };
}

/** The era of a request that says so everywhere in the same way. */
function eraOf({ method, params }: Message, headers: DirectRequest['headers']): Era | undefined {
	const { _meta: meta, name } = params;
	const version = headers['mcp-protocol-version'];
	if (meta === undefined) {
		if ('_meta' in params) return undefined;
		return version === undefined || legacyVersions.has(String(version)) ? 'legacy' : undefined;
	}
	if (!isObject(meta) || !keysAmong(meta, envelopeKeys)) return undefined;
	const isModern =
		version === modernVersion &&
		meta[PROTOCOL_VERSION_META_KEY] === modernVersion &&
		headers['mcp-method'] === method &&
		headers['mcp-name'] === name &&
		isSpecType.ClientCapabilities(meta[CLIENT_CAPABILITIES_META_KEY]) &&
		(meta[CLIENT_INFO_META_KEY] === undefined || isSpecType.Implementation(meta[CLIENT_INFO_META_KEY]));
	return isModern ? 'modern' : undefined;
}

const legacyVersions = new Set(SUPPORTED_PROTOCOL_VERSIONS);
const envelopeKeys = [PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY];

const lists = new WeakMap<ListToolsResult, Partial<Record<Era, string>>>();

function listJson(registry: Registry, list: ListToolsResult, era: Era): string {
	const known = lists.get(list) ?? {};
	const json = known[era] ?? JSON.stringify(inEra(list, registry, era, cacheHint));
	lists.set(list, { ...known, [era]: json });
	return json;
}

/** What 2026-07-28 adds to a result. */
function inEra(
	result: { _meta?: object | undefined },
	{ info }: Registry,
	era: Era,
	hint: object = {},
): object {
	if (era === 'legacy') return result;
	const { _meta: meta, ...rest } = result;
	return { ...rest, resultType: 'complete', ...hint, _meta: { ...meta, [SERVER_INFO_META_KEY]: info } };
}

/** The same as JSON; what a result has already, as it was written before. */
function inEraJson(result: { _meta?: object | undefined }, registry: Registry, era: Era): string {
	if (era === 'legacy') return jsonOf(result);
	if (result._meta !== undefined) return JSON.stringify(inEra(result, registry, era));
	return `${jsonOf(result).slice(0, -1)},${JSON.stringify(inEra({}, registry, era)).slice(1)}`;
}

function inEnvelope(result: string, id: string | number): string {
	return `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysAmong(value: object, allowed: readonly string[]): value is Record<string, unknown> {
	for (const key in value) if (!allowed.includes(key)) return false;
	return true;
}
