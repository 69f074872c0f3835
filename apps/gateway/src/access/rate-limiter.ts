import type { Clock } from '@chat-manager/service';

/** Decides whether one more may pass. Kept small, so that one which replicas share can take its place. */
export type RateLimiter = {
	/** Takes one; undefined when it may pass, else after how many milliseconds the next one may. */
	take(key: string): number | undefined;
};

/** Full buckets are forgotten once there are this many. */
const maxBuckets = 10_000;

/**
 * A token bucket for each key: it holds `burst` at most and refills evenly, `perMinute` in a minute. In memory, so each
 * replica counts by itself.
 */
export function createRateLimiter(options: { perMinute: number; burst: number; clock: Clock }): RateLimiter {
	const { perMinute, burst, clock } = options;
	const refillMs = 60_000 / perMinute;
	const buckets = new Map<string, Bucket>();

	function levelOf(bucket: Bucket, now: number): number {
		return Math.min(burst, bucket.level + (now - bucket.at) / refillMs);
	}

	function forgetFull(now: number): void {
		for (const [key, bucket] of buckets) if (levelOf(bucket, now) >= burst) buckets.delete(key);
	}

	return {
		take(key) {
			const now = clock.monotonicMs();
			const bucket = buckets.get(key);
			const level = bucket === undefined ? burst : levelOf(bucket, now);
			if (bucket === undefined && buckets.size >= maxBuckets) forgetFull(now);
			if (level < 1) return Math.ceil((1 - level) * refillMs);
			buckets.set(key, { level: level - 1, at: now });
			return undefined;
		},
	};
}

/** How much was in it at a time of the monotonic clock. */
type Bucket = { level: number; at: number };
