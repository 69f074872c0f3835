import { passkey } from '@better-auth/passkey';
import type { Logger } from '@chat-manager/service';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Kysely } from 'kysely';
import { confirmationHours, resetMinutes } from '../mail/letters.ts';
import type { PublicUrl } from '../public-url.ts';
import { reportAuth } from './report-auth.ts';

export type AuthOptions = {
	// biome-ignore lint/suspicious/noExplicitAny: better-auth has tables of its own in the same schema.
	db: Kysely<any>;
	publicUrl: PublicUrl;
	/** Signs the session cookie. */
	secret: string;
	signUpsPerHour: number;
	signInsPerMinute: number;
	/** Without mail no address is confirmed. */
	sendsMail: boolean;
	logger: Logger;
	/** What is to be done when better-auth has come so far. */
	hooks: {
		/** Sends the link that replaces a forgotten password. */
		sendReset(userId: string, token: string): Promise<void>;
		/** Sends the link that confirms an address; it is the person's own, or the one that they want. */
		sendConfirmation(userId: string, email: string, token: string): Promise<void>;
		passwordReplaced(userId: string): Promise<void>;
		/** Writes down that an account is to be deleted, before anything of it is. */
		beginDeletion(userId: string): Promise<void>;
	};
};

/** The header in which we hand over the caller's address; one that comes from outside is never passed on. */
export const addressHeader = 'x-cm-client-address';
const hourSeconds = 3600;

/**
 * People and their sessions, by better-auth, in the tables of `0001-people` of our own schema. Only the paths in `doors.ts`
 * reach it, with bodies parsed and the Origin checked by us: its own check also refuses requests without an Origin, which
 * no browser sends.
 */
export function createAuth({ db, publicUrl, secret, logger, hooks, sendsMail, ...limits }: AuthOptions) {
	const perMinute = { window: 60, max: limits.signInsPerMinute };
	const named = (name: string) => ({ name: cookieName(name, publicUrl) });
	return betterAuth({
		appName: 'Chat Manager',
		baseURL: publicUrl.origin,
		basePath: '/api/auth',
		secret,
		database: { db, type: 'postgres', transaction: true },
		user: {
			modelName: 'people',
			additionalFields: { language: { type: 'string', required: false } },
			changeEmail: { enabled: true },
			deleteUser: { enabled: true, beforeDelete: ({ id }) => hooks.beginDeletion(id) },
		},
		session: {
			modelName: 'sessions',
			expiresIn: 14 * 24 * hourSeconds,
			updateAge: 24 * hourSeconds,
			freshAge: 0, // Whether a session is fresh is decided before, by `freshness.ts`.
		},
		account: { modelName: 'sign_in_methods' },
		verification: {
			modelName: 'verifications',
			storeIdentifier: { default: 'plain', overrides: { 'reset-password': 'hashed' } },
		},
		emailAndPassword: {
			enabled: true,
			minPasswordLength: 10,
			maxPasswordLength: 256,
			// Signing up answers the same whether the e-mail has an account or not; it is the sign-in that tells.
			autoSignIn: false,
			resetPasswordTokenExpiresIn: resetMinutes * 60,
			revokeSessionsOnPasswordReset: true,
			sendResetPassword: ({ user, token }) => hooks.sendReset(user.id, token),
			onPasswordReset: ({ user }) => hooks.passwordReplaced(user.id),
		},
		// Asked for at registration, and never required: nobody is locked out by a mail that does not come.
		emailVerification: {
			sendOnSignUp: sendsMail,
			expiresIn: confirmationHours * hourSeconds,
			...(sendsMail && {
				sendVerificationEmail: ({ user, token }) => hooks.sendConfirmation(user.id, user.email, token),
			}),
		},
		plugins: [
			twoFactor({ schema: { twoFactor: { modelName: 'two_factors' } } }),
			passkey({
				rpName: 'Chat Manager',
				origin: publicUrl.origin,
				schema: { passkey: { modelName: 'passkeys' } },
				authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
				advanced: { webAuthnChallengeCookie: 'passkey_challenge' },
				// A passkey stands for password and second factor in one: somebody has to have been asked.
				registration: {
					afterVerification: async ({ verification }) =>
						assertVerified(verification.registrationInfo?.userVerified),
				},
				authentication: {
					afterVerification: async ({ verification }) =>
						assertVerified(verification.authenticationInfo.userVerified),
				},
			}),
		],
		rateLimit: {
			enabled: true,
			storage: 'database',
			modelName: 'sign_in_attempts',
			customRules: {
				'/sign-up/email': { window: 60, max: limits.signUpsPerHour },
				'/sign-in/email': perMinute,
				'/change-password': perMinute,
				'/change-email': perMinute,
				'/request-password-reset': perMinute,
				'/reset-password': perMinute,
				'/two-factor/*': perMinute,
				'/passkey/verify-authentication': perMinute,
				'/delete-user': perMinute,
				'/get-session': false,
				'/sign-out': false,
			},
		},
		advanced: {
			useSecureCookies: false, // Its prefix is __Secure-; ours is the stricter __Host-.
			cookies: {
				session_token: named('session'),
				session_data: named('session_data'),
				account_data: named('account_data'),
				dont_remember: named('dont_remember'),
				two_factor: named('two_factor'),
				trust_device: named('trusted_device'),
				passkey_challenge: named('passkey_challenge'),
			},
			defaultCookieAttributes: {
				httpOnly: true,
				sameSite: 'lax',
				path: '/',
				secure: publicUrl.isSecure,
			},
			ipAddress: { ipAddressHeaders: [addressHeader] },
			disableCSRFCheck: true,
			database: { validateSchema: false },
		},
		logger: { level: 'warn', log: reportAuth(logger) },
		telemetry: { enabled: false },
	});
}

export type Auth = ReturnType<typeof createAuth>;

/** The name of the cookie that carries a session. */
export function sessionCookie(publicUrl: PublicUrl): string {
	return cookieName('session', publicUrl);
}

function assertVerified(wasAsked: boolean | undefined): undefined {
	if (wasAsked === true) return undefined;
	throw new APIError('BAD_REQUEST', { code: 'USER_NOT_VERIFIED' });
}

function cookieName(name: string, { isSecure }: PublicUrl): string {
	return `${isSecure ? '__Host-' : ''}cm_${name}`;
}
