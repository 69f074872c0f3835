import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { prune } from './database/prune.ts';
import type { Tables } from './database/tables.ts';

const everyMs = 3_600_000;

/** Deletes what is past its time, at the start and then once an hour. A failure is tried again at the next one. */
export function startSweep(options: { db: Kysely<Tables>; clock: Clock; logger: Logger }): Disposable {
	const { db, clock, logger } = options;
	let timer = clock.setTimeout(sweep, 0);

	function sweep(): void {
		prune(db, clock.now()).catch((err: unknown) =>
			logger.warn({ err }, 'nothing was swept; trying again in an hour'),
		);
		timer = clock.setTimeout(sweep, everyMs);
	}

	return { [Symbol.dispose]: () => clock.clearTimeout(timer) };
}
