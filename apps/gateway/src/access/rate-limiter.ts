import type { Clock } from '@chat-manager/service';

/** Decides whether one more may pass. Kept small, so that one which replicas share can take its place. */
export type RateLimiter = {
	/** Takes one; undefined when it may pass, else after how many milliseconds the next one may. */
	take(key: string): number | undefined;
};

/** Beyond this many the one that was used longest ago is forgotten, which fills it up. */
const maxBuckets = 100_000;

/**
 * A token bucket for each key: it holds `burst` at most and refills evenly, `perMinute` in a minute. In memory, so each
 * replica counts by itself.
 */
export function createRateLimiter(options: { perMinute: number; burst: number; clock: Clock }): RateLimiter {
	const { perMinute, burst, clock } = options;
	const refillMs = 60_000 / perMinute;
	/** The least recently used stands first. */
	const buckets = new Map<string, Bucket>();
	return {
		take(key) {
			const now = clock.monotonicMs();
			const bucket = buckets.get(key) ?? { level: burst, at: now };
			const level = Math.min(burst, bucket.level + (now - bucket.at) / refillMs);
			const mayPass = level >= 1;
			buckets.delete(key);
			buckets.set(key, { level: mayPass ? level - 1 : level, at: now });
			const [oldest] = buckets.keys();
			if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest);
			return mayPass ? undefined : Math.ceil((1 - level) * refillMs);
		},
	};
}

/** How much was in it at a time of the monotonic clock. */
type Bucket = { level: number; at: number };
