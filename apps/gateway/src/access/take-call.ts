import { AppError } from '@chat-manager/contracts';
import { rateLimited } from '../metrics.ts';
import type { Caller } from './caller.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Charges one call to an access token, whichever door it comes in by; a person in their own session is not counted. */
export function takeCall(limiter: RateLimiter, { tokenId }: Caller): void {
	const waitMs = tokenId === undefined ? undefined : limiter.take(tokenId);
	if (waitMs === undefined) return;
	rateLimited.add({});
	const seconds = Math.ceil(waitMs / 1000);
	throw new AppError(
		'rate_limited',
		`Too many tool calls with this access token. Retry after ${seconds} second${seconds === 1 ? '' : 's'}.`,
		{ retryAfterMs: seconds * 1000 },
	);
}
