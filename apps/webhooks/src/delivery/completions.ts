import { isConnectionError } from '@chat-manager/database';
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import { type Completion, completeDeliveries } from '../database/complete-deliveries.ts';
import { isClash } from '../database/is-clash.ts';
import type { Db } from '../database/tables.ts';

const maxBatch = 500;
/** How long outcomes wait while the database is away. */
export const outageRetryMs = 500;

/** Tells whoever looks at their deliveries at this moment that they changed. */
export type TellOwners = (ofUsers: readonly { userId: string }[]) => void;

export type Completions = {
	/** Written as soon as the batch before it is; resolves then, or when it cannot be. */
	add(completion: Completion): Promise<void>;
	/** Resolves when all is written; while the database is away, when the signal fires. */
	drain(signal: AbortSignal): Promise<void>;
};

/**
 * Writes completions in batches: what is added while one batch is written makes up the next, so that batches grow with the
 * load. While Postgres is away they wait. A lease that runs out meanwhile makes somebody post again, under the same id.
 */
export function createCompletions({
	db,
	clock,
	logger,
	tellOwners,
}: {
	db: Db;
	clock: Clock;
	logger: Logger;
	tellOwners: TellOwners;
}): Completions {
	const waiting: Entry[] = [];
	const stopped = new AbortController();
	let writing: Promise<void> | undefined;

	async function writeAll(): Promise<void> {
		while (waiting.length > 0 && !stopped.signal.aborted) await write(waiting.splice(0, maxBatch));
	}

	async function write(batch: Entry[]): Promise<void> {
		try {
			await completeDeliveries(
				db,
				batch.map(({ completion }) => completion),
			);
			tellOwners(batch.map(({ completion }) => completion));
			for (const { settle } of batch) settle();
		} catch (error) {
			if (isConnectionError(error) || isClash(error)) {
				waiting.unshift(...batch);
				logger.warn({ err: error, deliveries: batch.length }, 'outcomes wait: they could not be written yet');
				if (!isClash(error)) await sleep(clock, outageRetryMs, stopped.signal).catch(() => {});
			} else if (batch.length > 1) {
				// One that cannot be written must not take the others with it.
				for (const entry of batch) await write([entry]);
			} else {
				const [entry] = batch;
				logger.error(
					{ err: error, delivery: entry?.completion.deliveryId },
					'an outcome could not be written',
				);
				entry?.settle();
			}
		}
	}

	function start(): void {
		writing ??= writeAll().finally(() => {
			writing = undefined;
			if (waiting.length > 0 && !stopped.signal.aborted) start();
		});
	}

	return {
		add(completion) {
			return new Promise((settle) => {
				waiting.push({ completion, settle });
				start();
			});
		},
		async drain(signal) {
			const stop = () => stopped.abort(signal.reason);
			if (signal.aborted) stop();
			signal.addEventListener('abort', stop, { once: true });
			while (writing !== undefined) await writing;
			signal.removeEventListener('abort', stop);
		},
	};
}

type Entry = { completion: Completion; settle: () => void };
