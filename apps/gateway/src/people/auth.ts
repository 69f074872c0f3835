import type { Logger } from '@chat-manager/service';
import { betterAuth } from 'better-auth';
import type { Kysely } from 'kysely';
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
	logger: Logger;
};

/** The header in which we hand over the caller's address; one that comes from outside is never passed on. */
export const addressHeader = 'x-cm-client-address';
const hourSeconds = 3600;

/**
 * People and their sessions, by better-auth, in the tables of `0001-people` of our own schema. Only the paths in `doors.ts`
 * reach it, with bodies parsed and the Origin checked by us: its own check also refuses requests without an Origin, which
 * no browser sends.
 */
export function createAuth({ db, publicUrl, secret, logger, ...limits }: AuthOptions) {
	return betterAuth({
		baseURL: publicUrl.origin,
		basePath: '/api/auth',
		secret,
		database: { db, type: 'postgres', transaction: true },
		user: { modelName: 'people' },
		session: { modelName: 'sessions', expiresIn: 14 * 24 * hourSeconds, updateAge: 24 * hourSeconds },
		account: { modelName: 'sign_in_methods' },
		verification: { modelName: 'verifications' },
		emailAndPassword: {
			enabled: true,
			minPasswordLength: 10,
			maxPasswordLength: 256,
			// Signing up answers the same whether the e-mail has an account or not; it is the sign-in that tells.
			autoSignIn: false,
		},
		rateLimit: {
			enabled: true,
			storage: 'database',
			modelName: 'sign_in_attempts',
			customRules: {
				'/sign-up/email': { window: 60, max: limits.signUpsPerHour },
				'/sign-in/email': { window: 60, max: limits.signInsPerMinute },
				'/change-password': { window: 60, max: limits.signInsPerMinute },
				'/get-session': false,
				'/sign-out': false,
			},
		},
		advanced: {
			useSecureCookies: false, // Its prefix is __Secure-; ours is the stricter __Host-.
			cookies: {
				session_token: { name: cookieName('session', publicUrl) },
				session_data: { name: cookieName('session_data', publicUrl) },
				account_data: { name: cookieName('account_data', publicUrl) },
				dont_remember: { name: cookieName('dont_remember', publicUrl) },
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

/** The name of the cookie that carries a session. */
export function sessionCookie(publicUrl: PublicUrl): string {
	return cookieName('session', publicUrl);
}

function cookieName(name: string, { isSecure }: PublicUrl): string {
	return `${isSecure ? '__Host-' : ''}cm_${name}`;
}
