import type { Erasure } from '@chat-manager/backend';
import type { WebhooksContext } from './context.ts';
import { pruneEvents } from './database/prune.ts';
import { repeat } from './repeat.ts';

const intervalMs = 10 * 60_000;
const maxBatch = 1_000;

/**
 * Deletes what came up longer ago than the ledger goes back (`keepMs`), with its deliveries and attempts; what waits for an endpoint that is not paused stays until
 * it is finished; erases what came in late of deleted accounts. Every replica sweeps; rows that another one is deleting are skipped.
 */
export function startSweep(
	{ db, clock, logger }: WebhooksContext,
	{ erasure, keepMs }: { erasure: Pick<Erasure, 'sweep'>; keepMs: number },
): AsyncDisposable {
	return repeat(
		{ clock, logger },
		{
			name: 'the sweep',
			intervalMs,
			async task(signal) {
				const before = new Date(clock.now() - keepMs);
				while (!signal.aborted && (await pruneEvents(db, { before, max: maxBatch })) === maxBatch);
				await erasure.sweep();
			},
		},
	);
}
