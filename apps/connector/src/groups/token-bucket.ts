import type { Clock } from '@chat-manager/service';

export type TokenBucket = {
	/** Takes so many at once and answers 0; or takes nothing and answers after how many milliseconds they will be there. */
	take(count: number): number;
	/** How many are there now. */
	available(): number;
};

/** Lets `capacity` through at once, and `refill` in every `perMs` after that. What asks for more than fits waits for a full one. */
export function createTokenBucket(options: {
	clock: Clock;
	capacity: number;
	refill: number;
	perMs: number;
}): TokenBucket {
	const { clock, capacity, refill, perMs } = options;
	let tokens = capacity;
	let filledAt = clock.monotonicMs();
	function fill(): void {
		const now = clock.monotonicMs();
		tokens = Math.min(capacity, tokens + ((now - filledAt) / perMs) * refill);
		filledAt = now;
	}
	return {
		available() {
			fill();
			return Math.floor(tokens);
		},
		take(count) {
			fill();
			const wanted = Math.min(count, capacity);
			if (tokens < wanted) return Math.ceil(((wanted - tokens) / refill) * perMs);
			tokens -= wanted;
			return 0;
		},
	};
}
