import { z } from 'zod';
import { GroupJid, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';
import { TokenScope, tokenScopes } from '../scopes.ts';

const at = '2026-11-22T09:00:00.000Z';

/**
 * When a person is asked before something destructive or far-reaching happens. `where_possible`: by clients that can ask;
 * others do it unasked. `required`: what cannot be asked does not happen. `never`: for automation that nobody watches.
 */
export const Confirmation = z.enum(['where_possible', 'required', 'never']);
export type Confirmation = z.infer<typeof Confirmation>;

const limits = {
	readOnly: z.boolean().meta({ description: 'Whether the token can change nothing at all' }),
	confirmation: Confirmation.meta({
		description:
			'When you are asked before people are removed, links reset, groups unstarred, webhooks deleted or large groups written to',
	}),
	confirmAboveMembers: z
		.number()
		.int()
		.min(0)
		.max(100_000)
		.meta({ description: 'You are asked before a message goes to a group with more members than this' }),
};

const Token = z.object({
	id: SubjectToken,
	name: z.string(),
	scopes: z.array(TokenScope),
	groups: z.array(GroupJid).nullable(),
	...limits,
	createdAt: Instant,
	expiresAt: Instant.nullable(),
	lastUsedAt: Instant.nullable(),
});

const example = {
	id: 'tok_1',
	name: 'Claude Desktop',
	scopes: [...tokenScopes],
	groups: null,
	readOnly: false,
	confirmation: 'where_possible' as const,
	confirmAboveMembers: 100,
	createdAt: at,
	expiresAt: null,
	lastUsedAt: null,
};

/** Answered by the gateway itself. */
export const tokens = {
	list: operation({
		summary: 'List your personal access tokens; the secrets themselves are never shown again.',
		scope: 'account:write',
		input: z.strictObject({}),
		output: z.object({ tokens: z.array(Token) }),
		example: { input: {}, output: { tokens: [example] } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	create: operation({
		summary: 'Create a personal access token. The token is in the answer, this once.',
		scope: 'account:write',
		input: z.strictObject({
			name: z.string().trim().min(1).max(100),
			scopes: z
				.array(TokenScope)
				.min(1)
				.default([...tokenScopes]),
			groups: z.array(GroupJid).min(1).max(1000).nullable().default(null).meta({
				description: 'The only groups that the token may use; null for all starred groups',
			}),
			readOnly: limits.readOnly.default(false),
			confirmation: limits.confirmation.default('where_possible'),
			confirmAboveMembers: limits.confirmAboveMembers.default(100),
			expiresAt: Instant.nullable().default(null),
		}),
		output: Token.extend({ token: z.string() }),
		example: { input: { name: 'Claude Desktop' }, output: { ...example, token: 'cm_pat_example' } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: false,
		changes: 'tokens',
	}),
	revoke: operation({
		summary: 'Revoke a personal access token, with effect on its next request.',
		scope: 'account:write',
		input: z.strictObject({ id: SubjectToken }),
		output: z.object({ id: SubjectToken, revoked: z.literal(true) }),
		example: { input: { id: 'tok_1' }, output: { id: 'tok_1', revoked: true } },
		errors: ['token_not_found'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'tokens',
	}),
};
