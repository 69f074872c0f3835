import type { Logger } from '@chat-manager/service';
import {
	createMcpHandler,
	isLegacyRequest,
	type Server,
	WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/** A POST that was let in: who may call is known, its body is one JSON value. */
type McpPost = {
	/** With an abort signal that fires when the client is gone. */
	request: Request;
	body: unknown;
	/** Makes the server that answers this one request. */
	createServer(): Server;
};

export type McpEndpoint = AsyncDisposable & { answer(post: McpPost): Promise<Response> };

/**
 * Both eras of the protocol at one address, without any state between requests. Requests of 2026-07-28 go to the SDK's own
 * handler. For the older revisions that one answers with a stream of events; we hand them to the SDK's transport ourselves,
 * which can answer with plain JSON.
 */
export function createMcpEndpoint({ logger }: { logger: Logger }): McpEndpoint {
	const servers = new WeakMap<Request, () => Server>();
	const modern = createMcpHandler(
		({ requestInfo }) => {
			const create = requestInfo === undefined ? undefined : servers.get(requestInfo);
			if (create === undefined) throw new Error('A request without its server');
			return create();
		},
		{
			legacy: 'reject',
			onerror: (error) => logger.debug({ err: error }, 'MCP request refused'),
		},
	);

	return {
		async answer({ request, body, createServer }) {
			if (await isLegacyRequest(request, body)) return await answerLegacy(request, body, createServer());
			servers.set(request, createServer);
			return await modern.fetch(request, { parsedBody: body });
		},
		async [Symbol.asyncDispose]() {
			await modern.close();
		},
	};
}

async function answerLegacy(request: Request, parsedBody: unknown, server: Server): Promise<Response> {
	const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
	await server.connect(transport);
	const { promise: gone, resolve } = Promise.withResolvers<Response>();
	const giveUp = () => resolve(new Response(null, { status: 499 }));
	request.signal.addEventListener('abort', giveUp, { once: true });
	try {
		return await Promise.race([transport.handleRequest(request, { parsedBody }), gone]);
	} finally {
		request.signal.removeEventListener('abort', giveUp);
		// Aborts what still runs for this request, and lets go of the server.
		await server.close();
	}
}
