import { AppError, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { listAuditLines } from '../database/audit-entries.ts';

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

const Place = z.tuple([z.number().int(), z.number().int()]);

function writeCursor({ at, id }: { at: Date; id: number }): string {
	return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

/** The place that a cursor names; it tells nothing that its owner could not see. */
function readCursor(cursor: string): { at: Date; id: number } {
	try {
		const [at, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
		return { at: new Date(at), id };
	} catch (cause) {
		throw new AppError(
			'invalid_input',
			'cursor: is not one that this list gave out. Leave it out to begin at the first page.',
			{ cause },
		);
	}
}
