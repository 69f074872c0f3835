import type { Clock } from '@chat-manager/service';
import type { Revocations } from '../access/revocations.ts';
import { createTokenStore } from '../database/access-tokens.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findPerson, forgetLinks, forgetPasskeys } from '../database/people.ts';
import { forgetWantedAddress } from '../database/wanted-addresses.ts';
import type { PersonLetters } from './person-letters.ts';

/**
 * What follows a new password that was chosen by a link. Anybody can register with an address that is not theirs; its owner takes
 * the account with such a link, and must not share it with whoever made it. So unless the address was confirmed before, every
 * other way in ends with the password, in one transaction with the mail that says so: passkeys, access tokens, browsers that
 * skip the second step, links that are still about. Sessions have ended already. A second factor stays: without it nobody comes in,
 * and dropping it would let a mailbox alone do what takes two.
 */
export function createAccessEnding(options: {
	database: IdentityDatabase;
	/** Without mail no address is ever confirmed, and links are handed out by the operator, who knows to whom. */
	sendsMail: boolean;
	letters: Pick<PersonLetters, 'sendNotice' | 'wake'>;
	tokens: Pick<Revocations, 'announceRevoked'>;
	clock: Clock;
}): (userId: string) => Promise<void> {
	const { database, sendsMail, letters, tokens, clock } = options;
	const store = createTokenStore(database);

	return async (userId) => {
		const person = await findPerson(database, userId);
		if (person === undefined) return;
		if (!sendsMail || person.hasConfirmedEmail) return await letters.sendNotice(userId, 'password_changed');
		const revoked = await database.ask(() =>
			database.db.transaction().execute(async (transaction) => {
				await forgetPasskeys(transaction, userId);
				await forgetLinks(transaction, userId);
				await forgetWantedAddress(transaction, userId);
				await letters.sendNotice(userId, 'access_ended', transaction);
				return await store.revokeAll(userId, new Date(clock.now()), transaction);
			}),
		);
		letters.wake();
		await Promise.all(revoked.map((id) => tokens.announceRevoked(id)));
	};
}
