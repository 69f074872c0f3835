import type { Clock, Logger } from '@chat-manager/service';

/**
 * Does a task now and at every interval; when it still runs then, once more as soon as it ends. What it throws is logged, and it
 * is done again. Disposing waits for one that runs, which is told by its signal.
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
	let isDue = false;
	let running: Promise<void> | undefined;
	let timer = clock.setTimeout(tick, intervalMs);
	start();

	function tick(): void {
		timer = clock.setTimeout(tick, intervalMs);
		start();
	}

	function start(): void {
		isDue = true;
		running ??= runWhileDue();
	}

	async function runWhileDue(): Promise<void> {
		while (isDue && !stopping.signal.aborted) {
			isDue = false;
			await task(stopping.signal).catch((err: unknown) => logger.warn({ err, intervalMs }, `${name} failed`));
		}
		running = undefined;
	}

	return {
		async [Symbol.asyncDispose]() {
			stopping.abort();
			clock.clearTimeout(timer);
			await running;
		},
	};
}
