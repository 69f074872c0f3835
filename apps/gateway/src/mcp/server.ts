import { type AppError, toAppError } from '@chat-manager/contracts';
import {
	type CallToolResult,
	type jsonSchemaValidator,
	ProtocolError,
	ProtocolErrorCode,
	Server,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import { instructions } from './instructions.ts';
import type { ToolLists } from './tool-lists.ts';
import { toToolFailure, toToolResult } from './tool-result.ts';

const serverInfo = { name: 'chat-manager', title: 'Chat Manager', version: '0.1.0' };
/** A client may keep what it was told for this long; scopes of a token never change. */
const cacheHint = { ttlMs: 300_000, cacheScope: 'private' } as const;

/**
 * The server for one request: cheap, for lists are prebuilt and input is checked by the contract. The low-level `Server` is
 * meant for that; `McpServer` would convert every schema again for each request.
 */
export function createServer(context: Context, caller: Caller, lists: ToolLists): Server {
	const server = new Server(serverInfo, {
		capabilities: { tools: {} },
		instructions,
		jsonSchemaValidator: noValidator,
		cacheHints: { 'tools/list': cacheHint, 'server/discover': cacheHint },
	});
	server.setRequestHandler('tools/list', () => lists.of(caller.scopes).result);
	server.setRequestHandler('tools/call', async ({ params }, { mcpReq }): Promise<CallToolResult> => {
		const tool = lists.find(params.name);
		if (tool === undefined)
			throw new ProtocolError(
				ProtocolErrorCode.InvalidParams,
				'There is no such tool. Call tools/list for the tools that exist.',
			);
		try {
			const { entry } = tool;
			const input = params.arguments ?? {};
			return toToolResult(tool, await dispatch(context, { entry, input, caller, signal: mcpReq.signal }));
		} catch (thrown) {
			const error: AppError = toAppError(thrown);
			return toToolFailure(error);
		}
	});
	return server;
}

/** For schemas that a client sends with an elicitation; we never ask for one. Ours costs nothing to make. */
const noValidator: jsonSchemaValidator = {
	getValidator() {
		throw new Error('No JSON Schema is validated here.');
	},
};
