import {
	type jsonSchemaValidator,
	ProtocolError,
	ProtocolErrorCode,
	Server,
	type ServerContext,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';
import type { Registry } from './registry.ts';

/** A client may keep what it was told for this long; what a token may do never changes. */
export const cacheHint = { ttlMs: 300_000, cacheScope: 'private' } as const;
/** Groups are starred and renamed at any time. */
const freshHint = { ttlMs: 0, cacheScope: 'private' } as const;

export type Era = 'legacy' | 'modern';

/**
 * The server for one request: cheap, for lists are prebuilt and input is checked by the contract. The low-level `Server` is
 * meant for that; `McpServer` would convert every schema again for each request.
 */
export function createServer(registry: Registry, caller: Caller, era: Era): Server {
	const { info, instructions, tools, requestState } = registry;
	const server = new Server(info, {
		capabilities: registry.capabilities(caller),
		instructions,
		jsonSchemaValidator: noValidator,
		// A question in the middle of a call needs a client that answers it: there is none without a session.
		inputRequired: { legacyShim: false },
		...(requestState === undefined ? {} : { requestState }),
		cacheHints: {
			'tools/list': cacheHint,
			'server/discover': cacheHint,
			'prompts/list': cacheHint,
			'resources/list': freshHint,
			'resources/templates/list': cacheHint,
			'resources/read': freshHint,
		},
	});
	server.setRequestHandler('tools/list', () => tools.list(caller));
	server.setRequestHandler('tools/call', async ({ params }, context) => {
		const tool = tools.find(params.name);
		if (tool === undefined) throw noSuchTool();
		return await tool.call({
			args: params.arguments,
			caller,
			signal: context.mcpReq.signal,
			round: { context, client: clientOf(server, context, era) },
		});
	});
	registry.install?.(server, caller);
	return server;
}

function clientOf(server: Server, _context: ServerContext, era: Era) {
	return era === 'modern' ? server.getClientCapabilities() : undefined;
}

function noSuchTool(): ProtocolError {
	return new ProtocolError(
		ProtocolErrorCode.InvalidParams,
		'There is no such tool. Call tools/list for the tools that exist.',
	);
}

/** For schemas that a client sends with an elicitation; we check the answers ourselves. Ours costs nothing to make. */
const noValidator: jsonSchemaValidator = {
	getValidator() {
		throw new Error('No JSON Schema is validated here.');
	},
};
