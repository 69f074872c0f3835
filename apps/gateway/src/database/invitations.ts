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

export type OpenInvitation = Pick<InvitationRow, 'id' | 'email' | 'created_at' | 'expires_at'>;

/** Those that can still be used, the oldest first. */
export async function selectInvitations({ db, ask }: IdentityDatabase, now: Date): Promise<OpenInvitation[]> {
	return await ask(() =>
		db
			.selectFrom('invitations')
			.select(['id', 'email', 'created_at', 'expires_at'])
			.where('expires_at', '>', now)
			.orderBy('created_at')
			.execute(),
	);
}

/** Takes back the one with this id, or all for this address; how many they were. */
export async function deleteInvitations(
	{ db, ask }: IdentityDatabase,
	{ idOrEmail }: { idOrEmail: string },
): Promise<number> {
	const { numDeletedRows } = await ask(() =>
		db
			.deleteFrom('invitations')
			.where((row) => row.or([row('id', '=', idOrEmail), row('email', '=', idOrEmail)]))
			.executeTakeFirst(),
	);
	return Number(numDeletedRows);
}

/** Forgets those whose time is over. */
export async function pruneInvitations({ db, ask }: IdentityDatabase, now: Date): Promise<void> {
	await ask(() => db.deleteFrom('invitations').where('expires_at', '<=', now).execute());
}
