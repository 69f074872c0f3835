import type { Kysely } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

/** Notes which address an account is to have; the one that was asked for before is over. */
export async function noteWantedAddress(
	{ db, ask }: IdentityDatabase,
	{ userId, newEmail, at }: { userId: string; newEmail: string; at: Date },
): Promise<void> {
	await ask(() =>
		db
			.updateTable('people')
			.set({ wanted_email: newEmail, wanted_email_at: at })
			.where('id', '=', userId)
			.execute(),
	);
}

/** The address that was asked for since a time, and waits for its link to be used; undefined when none does. */
export async function findWantedAddress(
	{ db, ask }: IdentityDatabase,
	{ userId, since }: { userId: string; since: Date },
): Promise<string | undefined> {
	const row = await ask(() =>
		db
			.selectFrom('people')
			.select('wanted_email')
			.where('id', '=', userId)
			.where('wanted_email_at', '>', since)
			.executeTakeFirst(),
	);
	return row?.wanted_email ?? undefined;
}

/** The link to another address does nothing any more. */
export async function forgetWantedAddress(db: Kysely<Tables>, userId: string): Promise<void> {
	await db
		.updateTable('people')
		.set({ wanted_email: null, wanted_email_at: null })
		.where('id', '=', userId)
		.execute();
}
