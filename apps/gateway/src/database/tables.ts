import type { Scope } from '@chat-manager/contracts';
import type { Generated } from 'kysely';

/** The tables of the schema `identity` that we query ourselves; those of people and sessions belong to better-auth. */
export type Tables = { access_tokens: AccessTokens };

type AccessTokens = {
	id: string;
	user_id: string;
	/** Only personal access tokens for now; OAuth adds its kinds, with the client and the audience they were made for. */
	kind: 'pat';
	client_id: string | null;
	audience: string | null;
	name: string;
	/** How the token begins, for its owner to recognise it. */
	prefix: string;
	/** SHA-256 of the token. */
	secret_hash: Buffer;
	scopes: Scope[];
	groups: string[] | null;
	created_at: Generated<Date>;
	expires_at: Date | null;
	last_used_at: Date | null;
	revoked_at: Date | null;
};
