import { Language } from '@chat-manager/contracts';
import type { IdentityDatabase } from './identity-database.ts';

export type Person = {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	/** English where none is known. */
	readonly language: Language;
	readonly hasSecondFactor: boolean;
	readonly createdAt: Date;
};

/** Notes that an address was confirmed by a link that was mailed there. */
export async function noteConfirmedEmail(
	{ db, ask }: IdentityDatabase,
	{ userId, email }: { userId: string; email: string },
): Promise<void> {
	await ask(() =>
		db
			.updateTable('people')
			.set({ emailVerified: true })
			.where('id', '=', userId)
			.where('email', '=', email)
			.execute(),
	);
}

/** What was mailed to a former address, such as a link to a new password, no longer works; nor does any browser skip the second step. */
export async function forgetLinks({ db, ask }: IdentityDatabase, userId: string): Promise<void> {
	await ask(() => db.deleteFrom('verifications').where('value', '=', userId).execute());
}

/** A person by their id; undefined when there is no such account. */
export async function findPerson({ db, ask }: IdentityDatabase, userId: string): Promise<Person | undefined> {
	const row = await ask(() =>
		db
			.selectFrom('people')
			.select(['id', 'name', 'email', 'language', 'twoFactorEnabled', 'createdAt'])
			.where('id', '=', userId)
			.executeTakeFirst(),
	);
	if (row === undefined) return undefined;
	const { twoFactorEnabled, language, ...person } = row;
	return {
		...person,
		language: Language.catch('en').parse(language),
		hasSecondFactor: twoFactorEnabled === true,
	};
}
