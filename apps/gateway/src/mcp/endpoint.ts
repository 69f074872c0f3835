import type { Logger } from '@chat-manager/service';
import {
	createMcpHandler,
	isLegacyRequest,
	type Server,
	type ServerNotifier,
	WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Era } from './server.ts';

/** A POST that was let in: who may call is known, its body is one JSON value. */
export type McpPost = {
	/** With an abort signal that fires when the client is gone. */
	request: Request;
	body: unknown;
	/** Makes the server that answers this one request. */
	createServer(era: Era): Server;
	/** Whether something is said before the answer: then it comes as a stream of events. */
	streams: boolean;
};

export type McpEndpoint = AsyncDisposable & {
	answer(post: McpPost): Promise<Response>;
	/** Tells clients that listen that a list has changed. */
	readonly notify: ServerNotifier;
};

/**
 * Both eras of the protocol at one address, without any state between requests. Requests of 2026-07-28 go to the SDK's own
 * handler. For the older revisions that one answers with a stream of events; we hand them to the SDK's transport ourselves,
 * which can answer with plain JSON.
 */
export function createMcpEndpoint({ logger }: { logger: Logger }): McpEndpoint {
	const servers = new WeakMap<Request, McpPost['createServer']>();
	const modern = createMcpHandler(
		({ requestInfo }) => {
			const create = requestInfo === undefined ? undefined : servers.get(requestInfo);
			if (create === undefined) throw new Error('A request without its server');
			return create('modern');
		},
		{
			legacy: 'reject',
			onerror: (error) => logger.debug({ err: error }, 'MCP request refused'),
		},
	);

	return {
		notify: modern.notify,
		async answer(post) {
			const { request, body } = post;
			if (await isLegacyRequest(request, body)) return await answerLegacy(post);
			servers.set(request, post.createServer);
			return await modern.fetch(request, { parsedBody: body });
		},
		async [Symbol.asyncDispose]() {
			await modern.close();
		},
	};
}

async function answerLegacy({ request, body, createServer, streams }: McpPost): Promise<Response> {
	const server = createServer('legacy');
	const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !streams });
	await server.connect(transport);
	if (streams) return await answerStream(request, body, server, transport);
	const { promise: gone, resolve } = Promise.withResolvers<Response>();
	const giveUp = () => resolve(new Response(null, { status: 499 }));
	request.signal.addEventListener('abort', giveUp, { once: true });
	try {
		return await Promise.race([transport.handleRequest(request, { parsedBody: body }), gone]);
	} finally {
		request.signal.removeEventListener('abort', giveUp);
		// Aborts what still runs for this request, and lets go of the server.
		await server.close();
	}
}

/** The server lives until its stream has ended, or nobody reads it any more. */
async function answerStream(
	request: Request,
	parsedBody: unknown,
	server: Server,
	transport: WebStandardStreamableHTTPServerTransport,
): Promise<Response> {
	const close = () => void server.close();
	request.signal.addEventListener('abort', close, { once: true });
	const response = await transport.handleRequest(request, { parsedBody });
	if (response.body === null) {
		await server.close();
		return response;
	}
	const body = response.body.pipeThrough(new TransformStream({ flush: close }));
	return new Response(body, { status: response.status, headers: response.headers });
}
