import { createManualClock } from '@chat-manager/service';
import { expect, it } from 'vitest';
import { createRateLimiter } from '../src/access/rate-limiter.ts';

it('lets a burst pass, then one for each time that has gone by, each key by itself', () => {
	const clock = createManualClock();
	const limiter = createRateLimiter({ perMinute: 60, burst: 3, clock });
	const take = (count: number, key = 'a') => Array.from({ length: count }, () => limiter.take(key));
	expect(take(5)).toEqual([undefined, undefined, undefined, 1000, 1000]);
	expect(limiter.take('b')).toBeUndefined();
	clock.advance(400);
	expect(limiter.take('a')).toBe(600);
	clock.advance(600);
	expect(take(2)).toEqual([undefined, 1000]);
	clock.advance(3_600_000);
	expect(take(4)).toEqual([undefined, undefined, undefined, 1000]);
});
