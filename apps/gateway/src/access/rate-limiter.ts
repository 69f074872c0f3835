import type { Clock } from '@chat-manager/service';

/** Decides whether one more may pass. */
export type RateLimiter = {
	/** Takes one; undefined when it may pass, else after how many milliseconds the next one may. */
	take(key: string): number | undefined;
};

export type LocalLimiter = RateLimiter & {
	/** Charges what was let through elsewhere: the bucket may owe for it, and pays that back before anything passes. */
	charge(key: string, count: number): void;
	/** Whether less than half is left. */
	isLow(key: string): boolean;
};

/** Beyond this many the one that was used longest ago is forgotten, which fills it up. */
const maxBuckets = 100_000;

/**
 * A token bucket for each key: it holds `burst` at most and refills evenly, `perMinute` in a minute. In memory: what other
 * replicas let through must be charged (see `shared-limiter.ts`).
 */
export function createRateLimiter(options: { perMinute: number; burst: number; clock: Clock }): LocalLimiter {
	const { perMinute, burst, clock } = options;
	const refillMs = 60_000 / perMinute;
	/** The least recently used stands first. */
	const buckets = new Map<string, Bucket>();

	function levelOf(key: string, now: number): number {
		const bucket = buckets.get(key) ?? { level: burst, at: now };
		return Math.min(burst, bucket.level + (now - bucket.at) / refillMs);
	}

	function store(key: string, level: number, at: number): void {
		buckets.delete(key);
		buckets.set(key, { level, at });
		const [oldest] = buckets.keys();
		if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest);
	}

	return {
		take(key) {
			const now = clock.monotonicMs();
			const level = levelOf(key, now);
			const mayPass = level >= 1;
			store(key, mayPass ? level - 1 : level, now);
			return mayPass ? undefined : Math.ceil((1 - level) * refillMs);
		},
		charge(key, count) {
			const now = clock.monotonicMs();
			store(key, levelOf(key, now) - count, now);
		},
		isLow: (key) => levelOf(key, clock.monotonicMs()) < burst / 2,
	};
}

/** How much was in it at a time of the monotonic clock. */
type Bucket = { level: number; at: number };
