import type { Clock, Logger } from '@chat-manager/service';

/**
 * Does a task now and again and again, so long after the last one began; never two at a time. What it throws is logged, and it
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
	let running = run();
	let timer = clock.setTimeout(tick, intervalMs);

	function tick(): void {
		timer = clock.setTimeout(tick, intervalMs);
		running = running.then(run);
	}

	async function run(): Promise<void> {
		if (stopping.signal.aborted) return;
		await task(stopping.signal).catch((err: unknown) => logger.warn({ err, intervalMs }, `${name} failed`));
	}

	return {
		async [Symbol.asyncDispose]() {
			stopping.abort();
			clock.clearTimeout(timer);
			await running;
		},
	};
}
