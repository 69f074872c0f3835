import type { Clock, Logger } from '@chat-manager/service';

/**
 * Does a task now and at every interval, unless it still runs then. What it throws is logged, and it is done again. Disposing
 * waits for one that runs, which is told by its signal.
 */
export function repeat(
	{ clock, logger }: { clock: Clock; logger: Logger },
	{
		name,
		intervalMs,
		task,
	}: { name: string; intervalMs: number; task: (signal: AbortSignal) => Promise<void> },
): AsyncDisposable {
	const stopping = new AbortController();
	let running: Promise<void> | undefined;
	let timer = clock.setTimeout(tick, intervalMs);
	start();

	function tick(): void {
		timer = clock.setTimeout(tick, intervalMs);
		start();
	}

	function start(): void {
		running ??= task(stopping.signal)
			.catch((err: unknown) => logger.warn({ err, intervalMs }, `${name} failed`))
			.finally(() => {
				running = undefined;
			});
	}

	return {
		async [Symbol.asyncDispose]() {
			stopping.abort();
			clock.clearTimeout(timer);
			await running;
		},
	};
}
