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
