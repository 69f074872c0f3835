import type { Clock, Logger } from '@chat-manager/service';

export type Repeating = { stop(): Promise<void> };

/**
 * Does something now and again after each interval, never twice at once: what came due while it ran is done when it ends, once.
 * What fails is logged (`what`) and comes again.
 */
export function repeat(
	{ clock, logger, intervalMs, what }: { clock: Clock; logger: Logger; intervalMs: number; what: string },
	work: () => Promise<void>,
): Repeating {
	let stopped = false;
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
		while (isDue && !stopped) {
			isDue = false;
			await attempt(logger, what, work);
		}
		running = undefined;
	}

	return {
		async stop() {
			stopped = true;
			clock.clearTimeout(timer);
			await running;
		},
	};
}

/** One that fails does not hold up the others. */
export async function attempt(logger: Logger, what: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		logger.warn({ err: error }, what);
	}
}
