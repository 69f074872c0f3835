import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';

/** Asks WhatsApp; rejects and resolves as Baileys does, see query.ts. */
export type SocketQuery = (node: BinaryNode, timeoutMs?: number) => Promise<unknown>;

/**
 * Queries that end with the connection. When Baileys ends it by itself (a stream error, say) it forgets those that are waiting
 * for an answer, and they would wait for their whole time.
 */
export function createSocketQuery(
	socket: Pick<WASocket, 'query'>,
	closed: Promise<{ code: number }>,
): SocketQuery {
	const waiting = new Set<(code: number) => void>();
	void closed.then(({ code }) => {
		for (const end of waiting) end(code);
	});
	return async (node, timeoutMs) => {
		const ended = Promise.withResolvers<never>();
		waiting.add(ended.reject);
		try {
			return await Promise.race([socket.query(node, timeoutMs), ended.promise]);
		} finally {
			waiting.delete(ended.reject);
		}
	};
}
