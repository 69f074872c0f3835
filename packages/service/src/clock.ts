/** Time as a service sees it; it comes from the context so that tests can move it. */
export type Clock = {
	/** Milliseconds since the Unix epoch; may jump. */
	now(): number;
	/** Milliseconds since some fixed moment; never goes back. For measuring and for leases. */
	monotonicMs(): number;
	setTimeout(run: () => void, delayMs: number): Timer;
	clearTimeout(timer: Timer | undefined): void;
};

/** A handle for `clearTimeout`, nothing else. */
export type Timer = object;

export const systemClock: Clock = {
	now: () => Date.now(),
	monotonicMs: () => performance.now(),
	setTimeout: (run, delayMs) => setTimeout(run, delayMs),
	clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** Waits on a clock; rejects with the signal's reason when it fires first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) {
			reject(signal.reason);
			return;
		}
		const abort = () => {
			clock.clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = clock.setTimeout(() => {
			signal?.removeEventListener('abort', abort);
			resolve();
		}, delayMs);
		signal?.addEventListener('abort', abort, { once: true });
	});
}
