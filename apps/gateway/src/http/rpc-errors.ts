import type { AppError } from '@chat-manager/contracts';
import type { Response } from 'express';
import { doorError, setRetryAfter } from './errors.ts';

/** Codes of JSON-RPC 2.0 (https://www.jsonrpc.org/specification#error_object). */
export const rpcCode = {
	parseError: -32700,
	invalidRequest: -32600,
	refused: -32000,
	internal: -32603,
} as const;

/** An error that has a JSON-RPC code of its own. */
export class RpcError extends Error {
	override readonly name = 'RpcError';
	readonly error: AppError;
	readonly code: number;

	constructor(error: AppError, code: number) {
		super(error.message, { cause: error });
		this.error = error;
		this.code = code;
	}
}

/** Answers a request that does not get as far as the MCP server. Clients show the body, and match it by its id. */
export function sendRpcError(response: Response, thrown: unknown, id: string | number | null): AppError {
	const error = thrown instanceof RpcError ? thrown.error : doorError(thrown);
	const code =
		thrown instanceof RpcError ? thrown.code : error.code === 'internal' ? rpcCode.internal : rpcCode.refused;
	const { message, ...data } = error.toBody();
	setRetryAfter(response, error);
	response.status(error.http).json({ jsonrpc: '2.0', id, error: { code, message, data } });
	return error;
}

/** The id of a request, where it has one that can be answered. */
export function rpcIdOf(body: unknown): string | number | null {
	const { id } = (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as {
		id?: unknown;
	};
	return typeof id === 'string' || typeof id === 'number' ? id : null;
}
