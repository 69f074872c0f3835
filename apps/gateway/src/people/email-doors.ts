import { AppError, type ChangeEmail, type ConfirmEmail } from '@chat-manager/contracts';
import { isUniqueViolation } from '@chat-manager/database';
import { z } from 'zod';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findPerson, forgetLinks, noteConfirmedEmail } from '../database/people.ts';
import type { Auth } from './auth.ts';
import type { OwnDoor } from './door-request.ts';
import type { PersonLetters } from './person-letters.ts';

/**
 * The e-mail address of an account. It is confirmed by a link in a mail to it: the first one when it pleases, another one before
 * it takes the first one's place. Where no mail is sent, another one is taken at its word.
 *
 * The link of another address works only for somebody who is signed in to that account: who gets the mail because of a slip of
 * the finger cannot take the account over with it.
 */
export function createEmailDoors(options: {
	database: IdentityDatabase;
	auth: Auth;
	letters: Pick<PersonLetters, 'tellFormerAddress'>;
	sessionOf(request: { cookie: string | undefined }): Promise<{ id: string; userId: string }>;
	/** Asks better-auth; throws our own errors for its refusals. */
	askAuth<T>(question: () => Promise<T>): Promise<T>;
	/** Changes the address by better-auth, for a session that is fresh. */
	change: OwnDoor;
}): Readonly<Record<string, OwnDoor>> {
	const { database, auth, letters, sessionOf, askAuth } = options;
	return {
		async '/api/auth/change-email'(request) {
			const { userId } = await sessionOf(request);
			const { newEmail } = request.body as z.output<typeof ChangeEmail>;
			const person = await findPerson(database, userId);
			if (person?.email.toLowerCase() === newEmail.toLowerCase())
				throw new AppError('invalid_input', 'newEmail: is the address of this account already.');
			return await options.change(request);
		},
		async '/api/auth/send-confirmation'(request) {
			const { userId } = await sessionOf(request);
			const person = await findPerson(database, userId);
			const headers = new Headers({ cookie: request.cookie ?? '' });
			const body = { email: person?.email ?? '' };
			await askAuth(() => auth.api.sendVerificationEmail({ body, headers }));
			return { body: { sent: true }, cookies: [] };
		},
		async '/api/auth/confirm-email'(request) {
			const { token } = request.body as z.output<typeof ConfirmEmail>;
			const claims = readClaims(token);
			if (claims.updateTo !== undefined && (await sessionOf(request)).userId !== claims.userId)
				throw new AppError(
					'invalid_input',
					'This link belongs to another account. Sign in to that one, then open the link again.',
				);
			const headers = new Headers(request.cookie === undefined ? {} : { cookie: request.cookie });
			const { headers: answered } = await askAuth(() =>
				auth.api.verifyEmail({ query: { token }, headers, returnHeaders: true }),
			).catch((thrown: unknown) => {
				throw isUniqueViolation(thrown) ? addressTaken() : thrown;
			});
			// What it says is true: better-auth has verified its signature.
			const { userId, email, updateTo = email } = claims;
			await noteConfirmedEmail(database, { userId, email: updateTo });
			if (updateTo !== email) {
				await forgetLinks(database, userId);
				await letters.tellFormerAddress(userId, email);
			}
			return { body: { email: updateTo }, cookies: answered.getSetCookie() };
		},
	};
}

const Claims = z.object({ userId: z.string(), email: z.string(), updateTo: z.string().optional() });

/** What the link says of itself, not verified; the same refusal as for one that better-auth does not take. */
function readClaims(token: string): z.infer<typeof Claims> {
	try {
		const [, payload = ''] = token.split('.');
		return Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
	} catch (cause) {
		throw new AppError(
			'invalid_input',
			'This link is not complete. Open it once more from the mail, or ask for a new one.',
			{ cause },
		);
	}
}

function addressTaken(): AppError {
	return new AppError(
		'invalid_input',
		'This address belongs to another account meanwhile. Choose another one.',
	);
}
