import { AppError } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import { createRateLimiter } from '../access/rate-limiter.ts';
import { addressKey } from './address-key.ts';
import type { Door } from './doors.ts';

/** Limits attempts before better-auth, whose own limiter counts by address, over all replicas, and forgets after a quiet minute. */
export type Throttle = {
	/** Throws `rate_limited`. */
	take(attempt: { door: Door; body: Record<string, unknown>; address: string }): void;
	/** The same for somebody who is signed in and says once more who they are. */
	takeAccount(userId: string): void;
};

export function createThrottle(options: {
	signUpsPerHour: number;
	signInsPerMinute: number;
	clock: Clock;
}): Throttle {
	const { signUpsPerHour, signInsPerMinute, clock } = options;
	const byMinute = () => createRateLimiter({ perMinute: signInsPerMinute, burst: signInsPerMinute, clock });
	const byAccount = byMinute();
	const byAddress = byMinute();
	const signUps = createRateLimiter({ perMinute: signUpsPerHour / 60, burst: signUpsPerHour, clock });
	const pass = (waits: readonly (number | undefined)[]) => {
		for (const waitMs of waits) if (waitMs !== undefined) throw tooManyAttempts(waitMs);
	};
	return {
		takeAccount: (userId) => pass([byAccount.take(userId)]),
		take({ door, body, address }) {
			const account = door.account?.(body);
			pass([
				account === undefined ? undefined : byAccount.take(account),
				door.isSignUp === true ? signUps.take(addressKey(address)) : undefined,
				door.answersFirst === true ? byAddress.take(addressKey(address)) : undefined,
			]);
		},
	};
}

export function tooManyAttempts(waitMs: number): AppError {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	return new AppError('rate_limited', `Too many attempts. Try again after ${seconds} seconds.`, {
		retryAfterMs: seconds * 1000,
	});
}
