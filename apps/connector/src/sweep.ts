import type { Erasure } from '@chat-manager/backend';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Publish } from './context.ts';
import { listUntold } from './database/devices.ts';
import { type Keeping, prune } from './database/prune.ts';
import type { Tables } from './database/tables.ts';
import { announce } from './devices/announcer.ts';

const everyMs = 3_600_000;

/**
 * Deletes what is past its time and what came in late of deleted accounts, and tells what could not be told of devices that are
 * gone, at the start and then once an hour.
 * A failure is tried again at the next one.
 */
export function startSweep(options: {
	db: Kysely<Tables>;
	publish: Publish;
	clock: Clock;
	logger: Logger;
	erasure: Pick<Erasure, 'sweep'>;
	keeping: Keeping;
}): Disposable {
	const { db, publish, clock, logger, erasure, keeping } = options;
	let timer = clock.setTimeout(sweep, 0);

	function sweep(): void {
		Promise.all([prune(db, clock.now(), keeping), tellUntold(db, publish), erasure.sweep()]).catch(
			(err: unknown) => logger.warn({ err }, 'not everything was swept; trying again in an hour'),
		);
		timer = clock.setTimeout(sweep, everyMs);
	}

	return { [Symbol.dispose]: () => clock.clearTimeout(timer) };
}

async function tellUntold(db: Kysely<Tables>, publish: Publish): Promise<void> {
	for (const { user_id: userId, epoch, state, reason, updated_at } of await listUntold(db)) {
		const lease = { userId, epoch: Number(epoch) };
		await announce({ db, lease, publish }, 'ended', { state, reason, at: updated_at.getTime() });
	}
}
