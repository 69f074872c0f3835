import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { tooManyAttempts } from './throttle.ts';

const AuthFault = z.object({ code: z.string() }).catch({ code: '' });

/** Our sentence for what better-auth refused. Its own are dropped: some tell whether an account exists. */
export async function toPersonError(
	status: number,
	answer: unknown,
	database: IdentityDatabase,
	retryAfterMs = 60_000,
): Promise<AppError> {
	const { code } = AuthFault.parse(answer);
	const known = sentences[code];
	if (known !== undefined) return new AppError(known.code, known.message);
	if (status === 429) return tooManyAttempts(retryAfterMs);
	if (status >= 500) return await toServerError(database, answer);
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
	INVALID_TOKEN: {
		code: 'invalid_input',
		message: 'This link was used before, or its time is over. Ask for a new one.',
	},
	EMAIL_ALREADY_VERIFIED: { code: 'invalid_input', message: 'This address is confirmed already.' },
	INVALID_CODE: {
		code: 'invalid_input',
		message: 'This code is not right. Type the one that your authenticator app shows now.',
	},
	INVALID_BACKUP_CODE: {
		code: 'invalid_input',
		message: 'This is not one of your backup codes, or it was used before.',
	},
	INVALID_TWO_FACTOR_COOKIE: {
		code: 'unauthenticated',
		message: 'It took too long to type the code. Sign in with your password again.',
	},
	TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: {
		code: 'unauthenticated',
		message: 'Too many wrong codes. Sign in with your password again.',
	},
	ACCOUNT_TEMPORARILY_LOCKED: {
		code: 'rate_limited',
		message: 'Too many wrong codes. Try again in a quarter of an hour, or use a passkey.',
	},
	TOTP_ALREADY_ENABLED: {
		code: 'invalid_input',
		message: 'Two-step sign-in is on already. Switch it off first to set it up anew.',
	},
	TOTP_NOT_ENABLED: { code: 'invalid_input', message: 'Two-step sign-in is off. Set it up first.' },
	TWO_FACTOR_NOT_ENABLED: { code: 'invalid_input', message: 'Two-step sign-in is off. Set it up first.' },
	PASSKEY_NOT_FOUND: {
		code: 'unauthenticated',
		message: 'This passkey is not known here (any more). Sign in with your password.',
	},
	AUTHENTICATION_FAILED: {
		code: 'unauthenticated',
		message: 'The passkey could not be verified. Try again, or sign in with your password.',
	},
	CHALLENGE_NOT_FOUND: { code: 'invalid_input', message: 'This took too long. Try again.' },
	FAILED_TO_VERIFY_REGISTRATION: {
		code: 'invalid_input',
		message: 'The passkey could not be verified, so it was not added. Try again.',
	},
	USER_NOT_VERIFIED: {
		code: 'invalid_input',
		message:
			'The device did not ask who you are. Set up a screen lock, a PIN or a fingerprint for the passkey, then try again.',
	},
};
