import { sql } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';

/** One call as it is written down. `durationMs` is null while it runs. */
export type AuditLine = {
	readonly userId: string;
	readonly callId: string;
	readonly tokenId: string;
	readonly tool: string;
	readonly argumentsDigest: string | null;
	readonly outcome: string;
	readonly durationMs: number | null;
	readonly at: Date;
};

export type AuditFilter = {
	readonly tokenId?: string | undefined;
	readonly tool?: string | undefined;
	readonly outcome?: string | undefined;
	readonly since?: Date | undefined;
	readonly until?: Date | undefined;
	/** Only what came before this place. */
	readonly before?: { readonly at: Date; readonly id: number } | undefined;
};

/** Writes lines, or completes those that were begun. Lines of an account that is gone are let go. */
export async function writeAuditLines(
	{ db, ask }: IdentityDatabase,
	all: readonly AuditLine[],
): Promise<void> {
	// One statement may touch a line once; the last word on a call holds.
	const lines = [...new Map(all.map((line) => [line.callId, line])).values()];
	const column = <K extends keyof AuditLine>(name: K) => lines.map((line) => line[name]);
	await ask(() =>
		sql`
			insert into audit_entries
				(user_id, call_id, token_id, tool, arguments_digest, outcome, duration_ms, at)
			select line.user_id, line.call_id, line.token_id, line.tool, line.digest, line.outcome, line.ms, line.at
			from unnest(
				${column('userId')}::text[], ${column('callId')}::text[], ${column('tokenId')}::text[],
				${column('tool')}::text[], ${column('argumentsDigest')}::text[], ${column('outcome')}::text[],
				${column('durationMs')}::int[], ${column('at')}::timestamptz[]
			) as line (user_id, call_id, token_id, tool, digest, outcome, ms, at)
			join people on people.id = line.user_id
			on conflict (call_id) do update set outcome = excluded.outcome, duration_ms = excluded.duration_ms
				where audit_entries.user_id = excluded.user_id`.execute(db),
	);
}

/** One page of a user's lines, the newest first. */
export async function listAuditLines(
	{ db, ask }: IdentityDatabase,
	{ userId, filter, limit }: { userId: string; filter: AuditFilter; limit: number },
) {
	const { tokenId, tool, outcome, since, until, before } = filter;
	let query = db
		.selectFrom('audit_entries as line')
		.leftJoin('access_tokens as token', (join) =>
			join.onRef('token.id', '=', 'line.token_id').on('token.user_id', '=', userId),
		)
		.selectAll('line')
		.select('token.name as token_name')
		.where('line.user_id', '=', userId);
	if (tokenId !== undefined) query = query.where('line.token_id', '=', tokenId);
	if (tool !== undefined) query = query.where('line.tool', '=', tool);
	if (outcome !== undefined) query = query.where('line.outcome', '=', outcome);
	if (since !== undefined) query = query.where('line.at', '>=', since);
	if (until !== undefined) query = query.where('line.at', '<', until);
	if (before !== undefined)
		query = query.where(sql<boolean>`(line.at, line.id) < (${before.at}, ${before.id})`);
	const page = query.orderBy('line.at', 'desc').orderBy('line.id', 'desc').limit(limit);
	return await ask(() => page.execute());
}

/** Forgets lines of everybody that are older than a moment, some at a time; how many went. */
export async function pruneAuditLines({ db, ask }: IdentityDatabase, before: Date): Promise<number> {
	const { numAffectedRows } = await ask(() =>
		sql`delete from audit_entries where id in (
			select id from audit_entries where at < ${before} limit 5000)`.execute(db),
	);
	await ask(() => db.deleteFrom('used_confirmations').where('expires_at', '<', before).execute());
	return Number(numAffectedRows ?? 0n);
}

/** Uses a confirmation up; false when it was used before, on whichever replica. */
export async function useConfirmation(
	{ db, ask }: IdentityDatabase,
	use: { userId: string; id: string; expiresAt: Date },
): Promise<boolean> {
	const used = await ask(() =>
		db
			.insertInto('used_confirmations')
			.values({ user_id: use.userId, id: use.id, expires_at: use.expiresAt })
			.onConflict((conflict) => conflict.doNothing())
			.returning('id')
			.execute(),
	);
	return used.length > 0;
}
