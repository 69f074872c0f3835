import type { WebhooksContext } from './context.ts';
import { pruneEvents } from './database/prune.ts';

const intervalMs = 10 * 60_000;
/** Longer than the retries take. */
export const keepMs = 7 * 24 * 3_600_000;
const maxBatch = 1_000;

/**
 * Deletes what was delivered, or given up, a week after it came: what members wrote is not kept longer than it is needed. Every
 * replica sweeps; rows that another one is deleting are skipped.
 */
export function startSweep({ db, clock, logger }: WebhooksContext): AsyncDisposable {
	let stopped = false;
	let running = sweep();
	let timer = clock.setTimeout(tick, intervalMs);

	function tick(): void {
		timer = clock.setTimeout(tick, intervalMs);
		running = running.then(sweep);
	}

	async function sweep(): Promise<void> {
		try {
			const before = new Date(clock.now() - keepMs);
			while (!stopped && (await pruneEvents(db, { before, max: maxBatch })) === maxBatch);
		} catch (err) {
			logger.warn({ err }, 'the sweep failed; it runs again in ten minutes');
		}
	}

	return {
		async [Symbol.asyncDispose]() {
			stopped = true;
			clock.clearTimeout(timer);
			await running;
		},
	};
}
