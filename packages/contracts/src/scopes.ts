import { z } from 'zod';

/**
 * What a caller may do. `token` tells whether an access token can carry the scope; the others belong to a signed-in
 * person alone, so that a leaked token can neither make tokens nor unlink the device.
 */
export const scopeTable = {
	'groups:read': { token: true, summary: 'See your starred groups, their members and membership changes' },
	'messages:read': { token: true, summary: 'Read stored messages of your starred groups' },
	'messages:send': { token: true, summary: 'Send messages to your starred groups' },
	'members:manage': { token: true, summary: 'Add people to your starred groups and remove them' },
	'groups:manage': {
		token: true,
		summary: 'Create, star, unstar, rename and describe groups, and share their invite links',
	},
	'webhooks:manage': { token: true, summary: 'See, add and delete your webhooks' },
	'device:write': { token: false, summary: 'Link and unlink your WhatsApp device' },
	'account:write': { token: false, summary: 'Manage access tokens, settings and the account' },
} as const satisfies Record<string, { token: boolean; summary: string }>;

export type Scope = keyof typeof scopeTable;

export const allScopes = Object.keys(scopeTable) as [Scope, ...Scope[]];
export const tokenScopes = allScopes.filter((scope) => scopeTable[scope].token);

export const Scope = z.enum(allScopes);
/** A scope that an access token may carry. */
export const TokenScope = Scope.refine((scope) => scopeTable[scope].token, 'a token cannot carry this scope');
