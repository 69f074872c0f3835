import { z } from 'zod';

/**
 * What a caller may do. `token` tells whether an access token can carry the scope; the others belong to a signed-in
 * person alone, so that a leaked token can neither make tokens nor unlink the device.
 */
export const scopeTable = {
	'groups:read': { token: true, summary: 'See your starred groups, their members and membership changes' },
	'messages:read': { token: true, summary: 'Read stored messages of your starred groups' },
	'messages:write': { token: true, summary: 'Send messages to your starred groups' },
	'groups:write': {
		token: true,
		summary: 'Create, star, rename and describe groups, add and remove members',
	},
	'webhooks:read': { token: true, summary: 'See your webhooks' },
	'webhooks:write': { token: true, summary: 'Add and delete webhooks' },
	'device:write': { token: false, summary: 'Link and unlink your WhatsApp device' },
	'account:write': { token: false, summary: 'Manage access tokens, settings and the account' },
} as const satisfies Record<string, { token: boolean; summary: string }>;

export type Scope = keyof typeof scopeTable;

export const allScopes = Object.keys(scopeTable) as [Scope, ...Scope[]];
export const tokenScopes = allScopes.filter((scope) => scopeTable[scope].token);

export const Scope = z.enum(allScopes);
/** A scope that an access token may carry. */
export const TokenScope = Scope.refine((scope) => scopeTable[scope].token, 'a token cannot carry this scope');
