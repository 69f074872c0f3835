import { AppError } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import { createRateLimiter } from '../access/rate-limiter.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import type { PublicUrl } from '../public-url.ts';
import { addressKey } from './address-key.ts';
import { addressHeader, createAuth } from './auth.ts';
import { type Door, signUpPath } from './doors.ts';
import { toPersonError, toServerError } from './person-error.ts';

/** A request at one of the `doors`, its body parsed. */
type DoorRequest = {
	path: string;
	door: Door;
	body: Record<string, unknown>;
	cookie: string | undefined;
	userAgent: string | undefined;
	/** From which it comes; attempts are counted by it. */
	address: string;
};

type DoorAnswer = { body: unknown; cookies: string[] };

export type People = {
	/** Signs up, in, out …; throws `AppError`. */
	enter(request: DoorRequest): Promise<DoorAnswer>;
	/** Whose session the cookies carry, and cookies to renew it; undefined without a live one. */
	findSession(cookie: string | undefined): Promise<{ userId: string; cookies: string[] } | undefined>;
	/** Whether the cookies still carry a live session of this person; it is looked at, and not renewed. */
	hasSession(cookie: string | undefined, userId: string): Promise<boolean>;
};

export function createPeople(options: {
	database: IdentityDatabase;
	publicUrl: PublicUrl;
	secret: string;
	signUp: 'open' | 'invite' | 'closed';
	signUpsPerHour: number;
	signInsPerMinute: number;
	clock: Clock;
	logger: Logger;
}): People {
	const { database, publicUrl, clock, signUp, signUpsPerHour, signInsPerMinute } = options;
	const auth = createAuth({ ...options, db: database.db });
	const byAccount = createRateLimiter({ perMinute: signInsPerMinute, burst: signInsPerMinute, clock });
	const signUps = createRateLimiter({ perMinute: signUpsPerHour / 60, burst: signUpsPerHour, clock });

	/** Before better-auth, whose own limiter counts by address, over all replicas, and forgets after a quiet minute. */
	function assertOpen({ path, door, body, address }: DoorRequest): void {
		const account = door.account?.(body);
		const waits = [account === undefined ? undefined : byAccount.take(account)];
		if (path === signUpPath) {
			if (signUp !== 'open') throw new AppError('forbidden', closedSentences[signUp]);
			waits.push(signUps.take(addressKey(address)));
		}
		for (const waitMs of waits) if (waitMs !== undefined) throw tooManyAttempts(waitMs);
	}

	return {
		async enter(request) {
			assertOpen(request);
			const { path, door, body, cookie, userAgent, address } = request;
			const headers = new Headers({ [addressHeader]: address });
			if (cookie !== undefined) headers.set('cookie', cookie);
			if (userAgent !== undefined) headers.set('user-agent', userAgent);
			if (door.method === 'POST') headers.set('content-type', 'application/json');
			const response = await database.ask(() =>
				auth.handler(
					new Request(`${publicUrl.origin}${path}`, {
						method: door.method,
						headers,
						body: door.method === 'POST' ? JSON.stringify(body) : null,
					}),
				),
			);
			const answer: unknown = await response.json().catch(() => null);
			if (response.status === 429) throw tooManyAttempts(retryAfterMs(response));
			if (!response.ok) throw await toPersonError(response.status, answer, database);
			return { body: withoutSecrets(answer), cookies: response.headers.getSetCookie() };
		},
		async findSession(cookie) {
			if (cookie === undefined) return undefined;
			const { response, headers } = await database
				.ask(() => auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }))
				.catch(async (thrown: unknown) => {
					throw thrown instanceof AppError ? thrown : await toServerError(database, thrown);
				});
			if (response === null) return undefined;
			return { userId: response.user.id, cookies: headers.getSetCookie() };
		},
		async hasSession(cookie, userId) {
			if (cookie === undefined) return false;
			const session = await database.ask(() =>
				auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } }),
			);
			return session?.user.id === userId;
		},
	};
}

const closedSentences = {
	closed: 'New accounts cannot be made here. Ask the operator of this installation for one.',
	invite:
		'New accounts are made by invitation only, and invitations are not available yet. Ask the operator.',
};

function tooManyAttempts(waitMs: number): AppError {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	return new AppError('rate_limited', `Too many attempts. Try again after ${seconds} seconds.`, {
		retryAfterMs: seconds * 1000,
	});
}

function retryAfterMs(response: Response): number {
	return Number(response.headers.get('x-retry-after') ?? 60) * 1000;
}

/** The session's own token belongs into the cookie, which scripts cannot read, and nowhere else. */
function withoutSecrets(answer: unknown): unknown {
	return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'token' ? undefined : value)));
}
