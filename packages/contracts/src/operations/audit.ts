import { z } from 'zod';
import { Cursor, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';

const at = '2026-11-22T09:00:00.000Z';

/** `ok`, `asked` (a person was asked to confirm), `unknown` (the gateway ended before it was over), else an error code. */
export const auditOutcomes = ['ok', 'asked', 'unknown'] as const;

const AuditEntry = z.object({
	id: SubjectToken,
	at: Instant,
	callId: SubjectToken,
	tokenId: SubjectToken,
	tokenName: z.string().meta({ description: 'The name of the token, also after it was revoked' }),
	tool: z.string().meta({ description: 'The tool, or the operation where it is no tool' }),
	argumentsDigest: z
		.string()
		.nullable()
		.meta({ description: 'Equal for equal arguments of one account; what they were cannot be told from it' }),
	outcome: z.string().meta({
		description:
			'ok, asked (you were asked to confirm), unknown (it may or may not have happened), or an error code',
	}),
	durationMs: z.number().int().nonnegative().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Answered by the gateway itself. */
export const audit = {
	list: operation({
		summary:
			'List what your access tokens did, newest first: which tool, when, how it ended; never the content.',
		scope: 'account:write',
		input: z.strictObject({
			tokenId: SubjectToken.optional(),
			tool: z
				.string()
				.regex(/^[A-Za-z0-9_.]{1,80}$/, 'must be the name of a tool')
				.optional(),
			outcome: z
				.string()
				.regex(/^[a-z_]{1,40}$/, 'must be ok, asked, unknown or an error code')
				.optional(),
			since: Instant.optional(),
			until: Instant.optional(),
			limit: z.number().int().min(1).max(200).default(50),
			cursor: Cursor.optional(),
		}),
		output: z.object({ entries: z.array(AuditEntry), nextCursor: Cursor.nullable() }),
		example: {
			input: { limit: 1 },
			output: {
				entries: [
					{
						id: '42',
						at,
						callId: 'call_1',
						tokenId: 'tok_1',
						tokenName: 'Claude Desktop',
						tool: 'send_group_message',
						argumentsDigest: 'h1rLTfm0Ln4Ey9bYdR2c0w',
						outcome: 'ok',
						durationMs: 180,
					},
				],
				nextCursor: null,
			},
		},
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
};
