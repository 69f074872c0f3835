import type { Clock, Timer } from './clock.ts';

export type ManualClock = Clock & {
	/** Moves both times on and runs what came due, in order; timers set meanwhile run too when they are due. */
	advance(byMs: number): void;
	/** How many timers wait. */
	pending(): number;
};

/** A clock that stands still until a test moves it. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
	const timers = new Set<ManualTimer>();
	let elapsedMs = 0;
	return {
		now: () => startMs + elapsedMs,
		monotonicMs: () => elapsedMs,
		setTimeout(run, delayMs) {
			const timer = { run, dueMs: elapsedMs + Math.max(0, delayMs) };
			timers.add(timer);
			return timer;
		},
		clearTimeout(timer: Timer | undefined) {
			timers.delete(timer as ManualTimer);
		},
		advance(byMs) {
			const endMs = elapsedMs + byMs;
			for (let next = firstDue(timers, endMs); next !== undefined; next = firstDue(timers, endMs)) {
				timers.delete(next);
				elapsedMs = next.dueMs;
				next.run();
			}
			elapsedMs = endMs;
		},
		pending: () => timers.size,
	};
}

/** The earliest timer due by then; of equals the one set first, for a Set keeps the order of insertion. */
function firstDue(timers: ReadonlySet<ManualTimer>, byMs: number): ManualTimer | undefined {
	let first: ManualTimer | undefined;
	for (const timer of timers)
		if (timer.dueMs <= byMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
	return first;
}

type ManualTimer = { run: () => void; dueMs: number };
