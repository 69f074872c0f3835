import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';
import type { IdentityDatabase } from '../database/identity-database.ts';

const AuthFault = z.object({ code: z.string() }).catch({ code: '' });

/** Our sentence for what better-auth refused. Its own are dropped: some tell whether an account exists. */
export async function toPersonError(
	status: number,
	answer: unknown,
	database: IdentityDatabase,
): Promise<AppError> {
	if (status >= 500) return await toServerError(database, answer);
	const { code } = AuthFault.parse(answer);
	const known = sentences[code];
	if (known !== undefined) return new AppError(known.code, known.message);
	if (status === 401) return new AppError('unauthenticated', 'You are not signed in. Sign in and try again.');
	return new AppError('invalid_input', 'This could not be done as it was asked. Check what you entered.');
}

/** better-auth swallows what Postgres said, so that has to be asked. */
export async function toServerError(database: IdentityDatabase, cause: unknown): Promise<AppError> {
	if ((await database.state()) === 'ok')
		return new AppError(
			'internal',
			'Something went wrong on our side. It has been logged; please try again.',
			{
				cause,
			},
		);
	return new AppError('unavailable', 'Accounts cannot be looked up at the moment. Try again in a moment.', {
		cause,
		retryAfterMs: 2_000,
	});
}

const sentences: Readonly<Record<string, Pick<AppError, 'code' | 'message'>>> = {
	INVALID_EMAIL_OR_PASSWORD: {
		code: 'unauthenticated',
		message: 'The e-mail address or the password is not right.',
	},
	INVALID_PASSWORD: { code: 'unauthenticated', message: 'The current password is not right.' },
};
