import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { Context } from '../context.ts';
import { listAuditLines } from '../database/audit-entries.ts';
import { readCursor, writeCursor } from './audit-cursor.ts';

export const audit: DomainHandlers<Contract['gateway']['audit'], Context> = {
	async list({ database, audit: log }, { limit, cursor, since, until, ...filter }, { userId }) {
		await log.settled();
		const rows = await listAuditLines(database, {
			userId,
			limit: limit + 1,
			filter: {
				...filter,
				since: since === undefined ? undefined : new Date(since),
				until: until === undefined ? undefined : new Date(until),
				before: cursor === undefined ? undefined : readCursor(cursor),
			},
		});
		const page = rows.slice(0, limit);
		const last = rows.length > limit ? page.at(-1) : undefined;
		return {
			entries: page.map((row) => ({
				id: String(row.id),
				at: row.at.toISOString(),
				callId: row.call_id,
				tokenId: row.token_id,
				tokenName: row.token_name ?? '',
				tool: row.tool,
				argumentsDigest: row.arguments_digest,
				outcome: row.outcome,
				durationMs: row.duration_ms,
			})),
			nextCursor: last === undefined ? null : writeCursor(last),
		};
	},
};
