import type { Contract } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { listAuditLines } from '../database/audit-entries.ts';
import { findPerson } from '../database/people.ts';
import { listSessions } from '../database/sessions.ts';
import { readCursor, writeCursor } from './audit-cursor.ts';

type Export = Contract['gateway']['account']['exportOwn'];
type Input = z.output<Export['input']>;
type Page = z.input<Export['output']>;

const pageSize = 1_000;

/** What the gateway keeps of a person, without secrets. Only the audit log can be long. */
export async function exportOwn(context: Context, input: Input, userId: string): Promise<Page> {
	if (input.kind === 'audit') return await exportAudit(context, input.cursor, userId);
	const records = await readers[input.kind](context, userId);
	return { records, nextCursor: null, total: records.length };
}

const readers: Readonly<
	Record<Exclude<Input['kind'], 'audit'>, (context: Context, userId: string) => Promise<Page['records']>>
> = {
	async profile({ database }, userId) {
		const person = await findPerson(database, userId);
		return person === undefined ? [] : [{ ...person }];
	},
	async sessions({ database, clock }, userId) {
		return (await listSessions(database, userId, new Date(clock.now()))).map((row) => ({ ...row }));
	},
	async passkeys({ database: { db, ask } }, userId) {
		return await ask(() =>
			db
				.selectFrom('passkeys')
				.select(['id', 'name', 'createdAt'])
				.where('userId', '=', userId)
				.orderBy('createdAt')
				.execute(),
		);
	},
	async tokens({ database: { db, ask } }, userId) {
		return await ask(() =>
			db
				.selectFrom('access_tokens')
				.select(['id', 'name', 'scopes', 'groups', 'read_only as readOnly', 'confirmation'])
				.select(['confirm_above_members as confirmAboveMembers', 'created_at as createdAt'])
				.select(['expires_at as expiresAt', 'last_used_at as lastUsedAt', 'revoked_at as revokedAt'])
				.where('user_id', '=', userId)
				.orderBy('created_at')
				.execute(),
		);
	},
};

async function exportAudit(
	{ database, audit }: Context,
	cursor: string | undefined,
	userId: string,
): Promise<Page> {
	await audit.settled();
	const before = cursor === undefined ? undefined : readCursor(cursor);
	const rows = await listAuditLines(database, { userId, filter: { before }, limit: pageSize + 1 });
	const page = rows.slice(0, pageSize);
	const last = rows.length > pageSize ? page.at(-1) : undefined;
	return {
		records: page.map((row) => ({
			at: row.at,
			callId: row.call_id,
			tokenId: row.token_id,
			tokenName: row.token_name,
			tool: row.tool,
			argumentsDigest: row.arguments_digest,
			outcome: row.outcome,
			durationMs: row.duration_ms,
		})),
		nextCursor: last === undefined ? null : writeCursor(last),
		total: cursor === undefined ? await countLines(database, userId) : null,
	};
}

async function countLines({ db, ask }: Context['database'], userId: string): Promise<number> {
	const { count } = await ask(() =>
		db
			.selectFrom('audit_entries')
			.select((all) => all.fn.countAll<number>().as('count'))
			.where('user_id', '=', userId)
			.executeTakeFirstOrThrow(),
	);
	return count;
}
