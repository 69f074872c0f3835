import type { Selectable } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

export type InvitationRow = Selectable<Tables['invitations']>;

/** Writes an invitation down; also one that was taken and led to no account. */
export async function insertInvitation(
	{ db, ask }: IdentityDatabase,
	invitation: InvitationRow,
): Promise<void> {
	await ask(() => db.insertInto('invitations').values(invitation).execute());
}

/** One that can still be used; undefined otherwise. */
export async function findInvitation(
	{ db, ask }: IdentityDatabase,
	{ secretHash, now }: { secretHash: Buffer; now: Date },
): Promise<InvitationRow | undefined> {
	return await ask(() =>
		db
			.selectFrom('invitations')
			.selectAll()
			.where('secret_hash', '=', secretHash)
			.where('expires_at', '>', now)
			.executeTakeFirst(),
	);
}

/**
 * Takes one, for an address: looked at and used up in one statement, so that of two who come together one gets it. Undefined when
 * there is none that can be used for it.
 */
export async function takeInvitation(
	{ db, ask }: IdentityDatabase,
	{ secretHash, email, now }: { secretHash: Buffer; email: string; now: Date },
): Promise<InvitationRow | undefined> {
	return await ask(() =>
		db
			.deleteFrom('invitations')
			.where('secret_hash', '=', secretHash)
			.where('expires_at', '>', now)
			.where((row) => row.or([row('email', 'is', null), row('email', '=', email)]))
			.returningAll()
			.executeTakeFirst(),
	);
}

/** Forgets those whose time is over. */
export async function pruneInvitations({ db, ask }: IdentityDatabase, now: Date): Promise<void> {
	await ask(() => db.deleteFrom('invitations').where('expires_at', '<=', now).execute());
}
