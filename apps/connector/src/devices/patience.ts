import { type Clock, type Logger, sleep } from '@chat-manager/service';
import { LeaseLost } from '../database/lease.ts';

/**
 * Writes that must not fail while the socket is open.
 *
 * An exception in the middle of a message makes Baileys answer it with an error, and WhatsApp forgets it. So while NATS or
 * Postgres is away a write waits: later messages of the socket wait behind it, pings go on. After `patienceMs` the socket
 * is closed first and the write fails then; WhatsApp keeps the message and delivers it again. A lost lease closes at once.
 */
export type Patience = <T>(write: () => Promise<T>) => Promise<T>;

export function createPatience(options: {
	clock: Clock;
	logger: Logger;
	isOpen: () => boolean;
	close: () => void;
	patienceMs?: number;
}): Patience {
	const { clock, logger, isOpen, close, patienceMs = 20_000 } = options;
	return async (write) => {
		const startedAt = clock.monotonicMs();
		for (let attempt = 0; ; attempt++) {
			try {
				return await write();
			} catch (error) {
				const waitedMs = clock.monotonicMs() - startedAt;
				if (error instanceof LeaseLost || !isOpen() || waitedMs > patienceMs) {
					logger.warn(
						{ err: error, waitedMs },
						'a write failed; the socket is closed so that nothing is lost',
					);
					close();
					throw error;
				}
				if (attempt === 0) logger.warn({ err: error }, 'a write waits for what stores it');
				await sleep(clock, Math.min(2_000, 50 * 2 ** attempt));
			}
		}
	};
}
