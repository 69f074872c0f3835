const DEFAULT_TIMEOUT_MS = 15_000;

/** Lets tests wait for a condition without asking in a loop: every waiter is asked again after each change. */
export type Waiters = {
	check(): void;
	waitFor<Result>(condition: () => Result, timeoutMs?: number): Promise<NonNullable<Result>>;
	/** Resolves after the next change, or when the signal is aborted. */
	nextChange(signal: AbortSignal): Promise<void>;
};

export function createWaiters(): Waiters {
	const waiting = new Set<() => void>();
	let scheduled = false;
	function checkAll(): void {
		scheduled = false;
		for (const ask of [...waiting]) ask();
	}
	return {
		check() {
			if (scheduled || waiting.size === 0) return;
			scheduled = true;
			setImmediate(checkAll);
		},
		nextChange(signal) {
			return new Promise((resolve) => {
				const done = () => {
					waiting.delete(done);
					signal.removeEventListener('abort', done);
					resolve();
				};
				waiting.add(done);
				signal.addEventListener('abort', done);
				if (signal.aborted) done();
			});
		},
		waitFor(condition, timeoutMs = DEFAULT_TIMEOUT_MS) {
			return new Promise((resolve, reject) => {
				const timer = setTimeout(
					() => finish(() => reject(new Error(`Not so after ${timeoutMs} ms: ${condition}`))),
					timeoutMs,
				);
				const ask = () => {
					try {
						const answer = condition();
						if (answer !== undefined && answer !== null && answer !== false) finish(() => resolve(answer));
					} catch (error) {
						finish(() => reject(error));
					}
				};
				const finish = (settle: () => void) => {
					clearTimeout(timer);
					waiting.delete(ask);
					settle();
				};
				waiting.add(ask);
				ask();
			});
		},
	};
}
