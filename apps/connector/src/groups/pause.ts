import type { Clock } from '@chat-manager/service';

export type Pause = {
	/** How long it still lasts; 0 when there is none. */
	remainingMs(): number;
	/** WhatsApp said that it is too much: each time in a row twice as long. Answers how long. */
	begin(): number;
	/** WhatsApp said until when (milliseconds since the epoch). */
	until(at: number): void;
	/** It is over now. */
	lift(): void;
	/** WhatsApp took something: the next pause is a short one again. */
	end(): void;
};

/** A time in which WhatsApp is not asked, because it said so. */
export function createPause(options: { clock: Clock; firstMs: number; longestMs: number }): Pause {
	const { clock, firstMs, longestMs } = options;
	let until = 0;
	let nextMs = firstMs;
	const remainingMs = () => Math.max(0, Math.ceil(until - clock.monotonicMs()));
	return {
		remainingMs,
		begin() {
			// What was under way when it began says nothing new.
			if (remainingMs() === 0) {
				until = clock.monotonicMs() + nextMs;
				nextMs = Math.min(longestMs, nextMs * 2);
			}
			return remainingMs();
		},
		until(at) {
			until = Math.max(until, clock.monotonicMs() + Math.max(0, at - clock.now()));
		},
		lift() {
			until = 0;
			nextMs = firstMs;
		},
		end() {
			if (remainingMs() === 0) nextMs = firstMs;
		},
	};
}
