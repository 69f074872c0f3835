import { type Answer, bearer, post } from './person.ts';
import type { Gateway } from './world.ts';

/** A request of 2026-07-28 by hand; `capabilities` says what the client can do. */
export async function modernRpc(
	{ url }: Pick<Gateway, 'url'>,
	token: string,
	{ method, params = {}, capabilities = {}, id = 'm' }: ModernRequest,
): Promise<Answer> {
	const meta = {
		'io.modelcontextprotocol/protocolVersion': '2026-07-28',
		'io.modelcontextprotocol/clientCapabilities': capabilities,
		'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
	};
	const { name, uri } = params as { name?: string; uri?: string };
	const target = name ?? uri;
	return await post(
		`${url}/mcp`,
		{ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } },
		{
			...bearer(token),
			'mcp-protocol-version': '2026-07-28',
			'mcp-method': method,
			...(target === undefined ? {} : { 'mcp-name': target }),
		},
	);
}

export type ModernRequest = {
	method: string;
	params?: Record<string, unknown>;
	capabilities?: object;
	id?: string | number;
};
