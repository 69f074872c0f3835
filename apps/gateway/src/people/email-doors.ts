import { AppError, type ChangeEmail, type ConfirmEmail, type EmailChange } from '@chat-manager/contracts';
import { isUniqueViolation } from '@chat-manager/database';
import type { Clock } from '@chat-manager/service';
import type { z } from 'zod';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { confirmAddress, findPerson, forgetLinks, type Person, replaceAddress } from '../database/people.ts';
import { findWantedAddress, forgetWantedAddress, noteWantedAddress } from '../database/wanted-addresses.ts';
import { confirmationHours } from '../mail/letters.ts';
import type { Auth } from './auth.ts';
import type { OwnDoor } from './door-request.ts';
import { type EmailLink, linkIsOver, readEmailLink } from './email-link.ts';
import type { PersonLetters } from './person-letters.ts';
import type { Throttle } from './throttle.ts';

/**
 * The e-mail address of an account. It is confirmed by a link in a mail to it: the first one when it pleases, another one before
 * it takes the first one's place. better-auth makes and signs the links; what they do is done here, in one transaction with the
 * mail that tells the former address. Where no mail is sent, another one is taken at its word.
 *
 * The link of another address works only for somebody who is signed in to that account: who gets the mail because of a slip of
 * the finger cannot take the account over with it. It works while its address is the one that is wanted: until it was used, another
 * one was asked for, or it was called off.
 */
export function createEmailDoors(options: {
	database: IdentityDatabase;
	auth: Auth;
	/** With which better-auth signs. */
	secret: string;
	sendsMail: boolean;
	letters: Pick<PersonLetters, 'tellFormerAddress' | 'wake'>;
	throttle: Pick<Throttle, 'takeAccount'>;
	clock: Clock;
	sessionOf(request: { cookie: string | undefined }): Promise<{ id: string; userId: string }>;
	/** Asks better-auth; throws our own errors for its refusals. */
	askAuth<T>(question: () => Promise<T>): Promise<T>;
	/** Has better-auth send the link to another address, for a session that is fresh. */
	sendLink: OwnDoor;
}): Readonly<Record<string, OwnDoor>> {
	const { database, auth, letters, throttle, clock, sessionOf, askAuth } = options;

	/** Whose session it is; each attempt is counted, for mails go to addresses that may be anybody's. */
	async function personOf(request: { cookie: string | undefined }): Promise<Person> {
		const { userId } = await sessionOf(request);
		throttle.takeAccount(userId);
		const person = await findPerson(database, userId);
		if (person === undefined) throw new AppError('unauthenticated', 'This account is not there any more.');
		return person;
	}

	/** False when the account has got another address since this was asked for. */
	async function change(
		person: Person,
		to: { newEmail: string; isConfirmed: boolean; madeAt: Date },
	): Promise<boolean> {
		const { id: userId, email } = person;
		const isChanged = await database.ask(() =>
			database.db.transaction().execute(async (transaction) => {
				const at = new Date(clock.now());
				if (!(await replaceAddress(transaction, { userId, email, ...to, at }))) return false;
				await forgetLinks(transaction, userId);
				await letters.tellFormerAddress(person, to.newEmail, transaction);
				return true;
			}),
		);
		if (isChanged) letters.wake();
		return isChanged;
	}

	async function changeByLink(
		request: { cookie: string | undefined },
		link: EmailLink & { newEmail: string },
	): Promise<void> {
		const { userId } = await sessionOf(request);
		if (userId !== link.userId) throw otherAccount();
		const person = await findPerson(database, userId);
		if (person?.email !== link.email) throw linkIsOver();
		const { newEmail, madeAt } = link;
		const isChanged = await change(person, { newEmail, isConfirmed: true, madeAt }).catch(
			(error: unknown) => {
				throw isUniqueViolation(error) ? addressTaken() : error;
			},
		);
		if (!isChanged) throw linkIsOver();
	}

	return {
		async '/api/auth/change-email'(request) {
			const person = await personOf(request);
			const newEmail = (request.body as z.output<typeof ChangeEmail>).newEmail.toLowerCase();
			if (person.email === newEmail)
				throw new AppError('invalid_input', 'newEmail: is the address of this account already.');
			const madeAt = new Date(clock.now());
			if (options.sendsMail) {
				const answer = await options.sendLink(request);
				await noteWantedAddress(database, { userId: person.id, newEmail, at: madeAt });
				return answer;
			}
			// One that has an account is answered alike, as at registration.
			await change(person, { newEmail, isConfirmed: false, madeAt }).catch((error: unknown) => {
				if (!isUniqueViolation(error)) throw error;
			});
			return { body: { status: true }, cookies: [] };
		},
		async '/api/auth/email-change'(request) {
			const { userId } = await sessionOf(request);
			const since = new Date(clock.now() - confirmationHours * 3_600_000);
			const newEmail = (await findWantedAddress(database, { userId, since })) ?? null;
			return { body: { newEmail } satisfies z.input<typeof EmailChange>, cookies: [] };
		},
		async '/api/auth/call-off-email-change'(request) {
			const { userId } = await sessionOf(request);
			await database.ask(() => forgetWantedAddress(database.db, userId));
			return { body: { calledOff: true }, cookies: [] };
		},
		async '/api/auth/send-confirmation'(request) {
			const { email } = await personOf(request);
			const headers = new Headers({ cookie: request.cookie ?? '' });
			await askAuth(() => auth.api.sendVerificationEmail({ body: { email }, headers }));
			return { body: { sent: true }, cookies: [] };
		},
		async '/api/auth/confirm-email'(request) {
			const { token } = request.body as z.output<typeof ConfirmEmail>;
			const link = await readEmailLink(token, options.secret);
			const { newEmail } = link;
			if (newEmail !== undefined) await changeByLink(request, { ...link, newEmail });
			else if (!(await confirmAddress(database, link))) throw linkIsOver();
			return { body: { email: newEmail ?? link.email }, cookies: [] };
		},
	};
}

function otherAccount(): AppError {
	return new AppError(
		'invalid_input',
		'This link belongs to another account. Sign in to that one, then open the link again.',
	);
}

function addressTaken(): AppError {
	return new AppError(
		'invalid_input',
		'This address belongs to another account meanwhile. Choose another one.',
	);
}
