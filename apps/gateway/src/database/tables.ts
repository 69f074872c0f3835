import type { Confirmation, Scope } from '@chat-manager/contracts';
import type { Generated, GeneratedAlways } from 'kysely';

/** The tables of the schema `identity` that we query ourselves. Those of people and sessions belong to better-auth: we read them. */
export type Tables = {
	people: People;
	sessions: Sessions;
	passkeys: Passkeys;
	outgoing_mails: OutgoingMails;
	pending_deletions: PendingDeletions;
	verifications: Verifications;
	invitations: Invitations;
	access_tokens: AccessTokens;
	audit_entries: AuditEntries;
	used_confirmations: UsedConfirmations;
};

type People = {
	id: string;
	name: string;
	email: string;
	emailVerified: boolean;
	/** Since when it is this address; null for the first. */
	email_changed_at: Date | null;
	/** Which takes its place once the link that went there is used; with the time at which that was asked for. */
	wanted_email: string | null;
	wanted_email_at: Date | null;
	language: string | null;
	twoFactorEnabled: boolean | null;
	createdAt: Date;
	updatedAt: Date;
};

type Sessions = {
	id: string;
	userId: string;
	createdAt: Date;
	updatedAt: Date;
	expiresAt: Date;
	ipAddress: string | null;
	userAgent: string | null;
	/** When its person last said who they are, after it began. */
	confirmed_at: Date | null;
};

type Passkeys = { id: string; userId: string; name: string | null; createdAt: Date | null };

type OutgoingMails = {
	id: string;
	/** Null when the account is gone. */
	user_id: string | null;
	/** Null when it went. */
	recipient: string | null;
	/** Sealed; null when it went. */
	letter: Buffer | null;
	created_at: Date;
	due_at: Date | null;
	attempts: number;
};

/** An account that its person deleted, until every service has destroyed what it kept of it. */
type PendingDeletions = {
	user_id: string;
	/** Whom to tell when it is done. */
	email: string;
	name: string;
	language: string | null;
	requested_at: Date;
	/** Which services have not said yet that they are done. */
	waiting_for: string[];
};

/** One that was not used yet. */
type Invitations = {
	id: string;
	/** SHA-256 of what stands in the link. */
	secret_hash: Buffer;
	/** For whom, in small letters; null for anybody. */
	email: string | null;
	created_at: Date;
	expires_at: Date;
};

/** What better-auth waits for: links to a new password, second steps, browsers that are trusted. */
type Verifications = { id: string; value: string };

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
