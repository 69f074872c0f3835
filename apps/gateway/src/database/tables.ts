import type { Confirmation, Scope } from '@chat-manager/contracts';
import type { Generated, GeneratedAlways } from 'kysely';

/** The tables of the schema `identity` that we query ourselves; those of people and sessions belong to better-auth. */
export type Tables = {
	access_tokens: AccessTokens;
	audit_entries: AuditEntries;
	used_confirmations: UsedConfirmations;
};

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
	read_only: Generated<boolean>;
	confirmation: Generated<Confirmation>;
	confirm_above_members: Generated<number>;
	created_at: Generated<Date>;
	expires_at: Date | null;
	last_used_at: Date | null;
	revoked_at: Date | null;
};

type AuditEntries = {
	id: GeneratedAlways<number>;
	user_id: string;
	call_id: string;
	token_id: string;
	/** The tool, or the operation where it is no tool. */
	tool: string;
	/** Keyed, so that nobody can guess what was said by trying. */
	arguments_digest: string | null;
	outcome: string;
	duration_ms: number | null;
	at: Date;
};

type UsedConfirmations = { user_id: string; id: string; expires_at: Date };
