import { randomUUID } from 'node:crypto';
import { type Bus, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import { SubjectToken } from '@chat-manager/contracts';
import type { Clock, Timer } from '@chat-manager/service';
import { z } from 'zod';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

/** How many each key was let through since the last time; sent by one replica to all. */
const taken = {
	service: 'gateway',
	name: 'calls-taken',
	data: z.object({
		replicaId: SubjectToken,
		counts: z.record(SubjectToken, z.number().int().positive().max(1_000_000)),
	}),
} satisfies Signal<z.ZodType>;

/** So long may a call stay unknown to the others while there is enough left; near the limit they are told at once. */
const tellAfterMs = 50;

/**
 * A limit that all replicas keep together. Each decides at once, in memory, and tells the others what it let through; they
 * charge it to their own bucket. So the limit holds over any number of replicas but for what passes elsewhere while a signal is
 * on its way, and even that is owed, and taken from what comes next.
 */
export type SharedLimiter = RateLimiter & Disposable & { join(bus: Bus): void };

export function createSharedLimiter(options: {
	perMinute: number;
	burst: number;
	clock: Clock;
}): SharedLimiter {
	const { clock } = options;
	const local = createRateLimiter(options);
	const replicaId = randomUUID();
	let untold: Record<string, number> = {};
	let timer: Timer | undefined;
	let joined: Bus | undefined;

	function tell(): void {
		clock.clearTimeout(timer);
		timer = undefined;
		const counts = untold;
		untold = {};
		if (joined?.isConnected() === true) sendSignal(joined, taken, { replicaId, counts });
	}

	return {
		take(key) {
			const waitMs = local.take(key);
			if (waitMs !== undefined) return waitMs;
			untold[key] = (untold[key] ?? 0) + 1;
			if (local.isLow(key)) tell();
			else timer ??= clock.setTimeout(tell, tellAfterMs);
			return undefined;
		},
		join(bus) {
			joined = bus;
			onSignal(bus, taken, ({ replicaId: from, counts }) => {
				if (from === replicaId) return;
				for (const [key, count] of Object.entries(counts)) local.charge(key, count);
			});
		},
		[Symbol.dispose]() {
			clock.clearTimeout(timer);
			joined = undefined;
		},
	};
}
