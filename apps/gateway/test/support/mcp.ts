import { type Answer, bearer, post } from './person.ts';
import type { Gateway } from './world.ts';

/** A JSON-RPC request of the handshake era, as curl would send it. */
export async function rpc(
	{ url }: Gateway,
	token: string,
	method: string,
	params: Record<string, unknown> = {},
	id: string | number = 1,
	/** What follows the address, with its question mark. */
	query = '',
): Promise<Answer> {
	return await post(
		`${url}/mcp${query}`,
		{ jsonrpc: '2.0', id, method, params },
		{ accept: '*/*', ...bearer(token) },
	);
}

export type ToolResult = {
	content: { type: string; text: string }[];
	structuredContent?: Record<string, unknown>;
	isError?: boolean;
};

export async function callTool(
	gateway: Gateway,
	token: string,
	name: string,
	args: unknown = {},
	id: string | number = 1,
	query = '',
): Promise<ToolResult> {
	const answer = await rpc(gateway, token, 'tools/call', { name, arguments: args }, id, query);
	if (answer.status !== 200 || answer.body.id !== id || answer.body.result === undefined)
		throw new Error(`Not a result: ${answer.text}`);
	return answer.body.result as ToolResult;
}
