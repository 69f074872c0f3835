import { pipeline } from 'node:stream/promises';
import { AppError } from '@chat-manager/contracts';
import type { Request as HttpRequest, Response as HttpResponse, RequestHandler } from 'express';
import type { Caller } from '../access/caller.ts';
import { narrowCaller } from '../access/narrow.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import { takeCall } from '../access/take-call.ts';
import type { Context } from '../context.ts';
import { answerDirectly } from '../mcp/direct.ts';
import type { McpEndpoint } from '../mcp/endpoint.ts';
import type { Registry } from '../mcp/registry.ts';
import { createServer } from '../mcp/server.ts';
import { clientGone } from './client-gone.ts';
import { methodNotAllowed } from './errors.ts';
import { identifyToken } from './identify.ts';
import { assertOwnOrigin } from './origin.ts';
import { hasBody, readJson } from './read-json.ts';
import { RpcError, rpcCode, rpcIdOf, sendRpcError } from './rpc-errors.ts';

/**
 * `POST /mcp`, and nothing but POST. In this order: method, Origin, body, token, rate limit; then the MCP server. Whatever is
 * refused on the way is answered by JSON-RPC errors under a fitting HTTP status.
 */
export function createMcpDoor(door: {
	context: Context;
	endpoint: McpEndpoint;
	registry: Registry;
	calls: RateLimiter;
}): RequestHandler {
	const { context, endpoint, registry, calls } = door;

	async function serve(request: HttpRequest, response: HttpResponse, seen: Seen): Promise<void> {
		if (request.method !== 'POST') throw methodNotAllowed(response, 'POST');
		if (request.headers.origin !== undefined) assertOwnOrigin(request.headers, context.publicUrl);
		const signal = clientGone(response);
		const [body, token] = await readAndIdentify(request, response, seen);
		assertAcceptable(request);
		const caller = narrowCaller(token, request.query);
		if (Array.isArray(body) || typeof body !== 'object' || body === null) throw notOneMessage();
		if ('method' in body && charged.has(body.method)) takeCall(calls, caller);
		const direct = answerDirectly({ registry, caller, body, headers: request.headers, signal });
		if (direct !== undefined) return sendJson(response, await direct);
		await send(
			response,
			await endpoint.answer({
				request: new Request(`${context.publicUrl.origin}/mcp`, {
					method: 'POST',
					headers: mcpHeaders(request),
					signal,
				}),
				body,
				createServer: (era) => createServer(registry, caller, era),
				streams: streams(registry, body),
			}),
		);
	}

	/** The body first, for its id belongs into a refusal; but a caller without a token learns nothing about their body. */
	async function readAndIdentify(
		request: HttpRequest,
		response: HttpResponse,
		seen: Seen,
	): Promise<[unknown, Caller]> {
		const [body, caller] = await Promise.allSettled([
			readMessage(request, response),
			identifyToken(request.headers.authorization, response, context),
		]);
		if (body.status === 'fulfilled') seen.id = rpcIdOf(body.value);
		if (caller.status === 'rejected') throw caller.reason;
		if (body.status === 'rejected') throw body.reason;
		return [body.value, caller.value];
	}

	return async (request, response) => {
		const seen: Seen = { id: null };
		response.set('Cache-Control', 'no-store');
		try {
			await serve(request, response, seen);
		} catch (thrown) {
			if (response.headersSent || response.destroyed) return;
			const error = sendRpcError(response, thrown, seen.id);
			if (error.code === 'internal') context.logger.error({ err: thrown }, 'MCP request failed');
		}
	};
}

/** What does work for the caller; connecting, listing tools and prompts, and pinging cost nothing. */
const charged = new Set<unknown>(['tools/call', 'resources/list', 'resources/read']);

/** Whether the call is one that tells of its progress. */
function streams({ tools }: Registry, body: object): boolean {
	const { method, params } = body as { method?: unknown; params?: unknown };
	if (method !== 'tools/call' || typeof params !== 'object' || params === null) return false;
	const { name } = params as { name?: unknown };
	return typeof name === 'string' && tools.find(name)?.notifies === true;
}

/** The protocol wants clients to accept both; whoever accepts one of them, or does not say, is served as well. */
function assertAcceptable(request: HttpRequest): void {
	if (request.accepts(['application/json', 'text/event-stream']) !== false) return;
	throw new AppError(
		'not_acceptable',
		'The answer is JSON. Send Accept: application/json, text/event-stream.',
	);
}

async function readMessage(request: HttpRequest, response: HttpResponse): Promise<unknown> {
	try {
		if (!hasBody(request))
			throw new AppError('invalid_input', 'The body is empty: send one JSON-RPC message.');
		return await readJson(request, response);
	} catch (error) {
		if (error instanceof AppError && error.code === 'invalid_input')
			throw new RpcError(error, rpcCode.parseError);
		throw error;
	}
}

/** An array would go around the rate limit, and no revision since 2025-06-18 has them. */
function notOneMessage(): RpcError {
	return new RpcError(
		new AppError('invalid_input', 'Send one JSON-RPC message at a time: batches are not supported.'),
		rpcCode.invalidRequest,
	);
}

/** What the SDK looks at: the protocol's own headers. Any Accept is good, for the answer is JSON that every client reads. */
function mcpHeaders({ headers }: HttpRequest): Headers {
	const kept = new Headers({
		'content-type': 'application/json',
		accept: 'application/json, text/event-stream',
	});
	for (const [name, value] of Object.entries(headers))
		if (name.startsWith('mcp-') && typeof value === 'string') kept.set(name, value);
	return kept;
}

function sendJson(response: HttpResponse, json: string): void {
	if (response.destroyed) return;
	const bytes = Buffer.from(json);
	response.writeHead(200, {
		'Content-Type': 'application/json; charset=utf-8',
		'Content-Length': bytes.length,
	});
	response.end(bytes);
}

async function send(response: HttpResponse, answer: Response): Promise<void> {
	if (response.destroyed) return;
	response.status(answer.status);
	const type = answer.headers.get('content-type');
	if (type !== null) response.type(type);
	if (answer.body === null) response.end();
	else if (type?.startsWith('text/event-stream') === true) await pipeline(answer.body, response);
	else response.send(Buffer.from(await answer.arrayBuffer()));
}

type Seen = { id: string | number | null };
