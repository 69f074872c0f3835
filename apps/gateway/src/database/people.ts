import { Language } from '@chat-manager/contracts';
import type { Kysely } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

export type Person = {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	/** Whether somebody opened a link that was mailed there. */
	readonly hasConfirmedEmail: boolean;
	/** English where none is known. */
	readonly language: Language;
	readonly hasSecondFactor: boolean;
	readonly createdAt: Date;
};

/** Notes that somebody reads mails to this address; false when it is not the account's (any more). */
export async function confirmAddress(
	{ db, ask }: IdentityDatabase,
	{ userId, email }: { userId: string; email: string },
): Promise<boolean> {
	const { numUpdatedRows } = await ask(() =>
		db
			.updateTable('people')
			.set({ emailVerified: true })
			.where('id', '=', userId)
			.where('email', '=', email)
			.executeTakeFirst(),
	);
	return numUpdatedRows > 0n;
}

/**
 * Gives an account another address, in a transaction. False when it no longer has the first, or has had it only after `madeAt`, a
 * time in whole seconds: what was asked for before the last change is over. One that comes by a link (`isConfirmed`) must also be
 * the one that is wanted: what was called off, or followed by another wish, is over too.
 */
export async function replaceAddress(
	transaction: Kysely<Tables>,
	change: { userId: string; email: string; newEmail: string; isConfirmed: boolean; madeAt: Date; at: Date },
): Promise<boolean> {
	const { userId, email, newEmail, isConfirmed, madeAt, at } = change;
	const { numUpdatedRows } = await transaction
		.updateTable('people')
		.set({
			email: newEmail,
			emailVerified: isConfirmed,
			email_changed_at: at,
			wanted_email: null,
			wanted_email_at: null,
			updatedAt: at,
		})
		.where('id', '=', userId)
		.where('email', '=', email)
		.$if(isConfirmed, (query) => query.where('wanted_email', '=', newEmail))
		.where((row) =>
			row.or([
				row('email_changed_at', 'is', null),
				row('email_changed_at', '<', new Date(madeAt.getTime() + 1_000)),
			]),
		)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/**
 * What was mailed to a former address, such as a link to a new password, no longer works; nor does any browser skip the second
 * step. In a transaction.
 */
export async function forgetLinks(transaction: Kysely<Tables>, userId: string): Promise<void> {
	await transaction.deleteFrom('verifications').where('value', '=', userId).execute();
}

/** Nobody signs in with a passkey that was made until now. In a transaction. */
export async function forgetPasskeys(transaction: Kysely<Tables>, userId: string): Promise<void> {
	await transaction.deleteFrom('passkeys').where('userId', '=', userId).execute();
}

/** A person by their id; undefined when there is no such account. */
export async function findPerson({ db, ask }: IdentityDatabase, userId: string): Promise<Person | undefined> {
	const row = await ask(() =>
		db
			.selectFrom('people')
			.select(['id', 'name', 'email', 'emailVerified', 'language', 'twoFactorEnabled', 'createdAt'])
			.where('id', '=', userId)
			.executeTakeFirst(),
	);
	if (row === undefined) return undefined;
	const { emailVerified, twoFactorEnabled, language, ...person } = row;
	return {
		...person,
		hasConfirmedEmail: emailVerified,
		language: Language.catch('en').parse(language),
		hasSecondFactor: twoFactorEnabled === true,
	};
}
