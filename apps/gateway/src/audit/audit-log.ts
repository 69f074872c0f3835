import type { Clock, Logger, Timer } from '@chat-manager/service';
import { type AuditLine, writeAuditLines } from '../database/audit-entries.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { createDigest, type Digest } from './digest.ts';

/**
 * What access tokens do, written down. A call that changes something is written before it is passed on: nothing happens of
 * which there is no line. How it ended, and calls that only read, follow in batches; what a crash takes of those says
 * `unknown`, or is a read.
 */
export type AuditLog = AsyncDisposable & {
	/** What stands for the arguments of a call. */
	readonly digest: Digest;
	/** Writes a line for a call that is about to change something; throws `unavailable` when that is not possible. */
	begin(line: Omit<AuditLine, 'outcome' | 'durationMs'>): Promise<void>;
	/** Takes down how a call ended. */
	end(line: AuditLine): void;
	/** Lines that are not written yet. */
	waiting(): number;
	/** Resolves when everything that was taken down is written. */
	settled(): Promise<void>;
};

const flushMs = 250;
const retryMs = 2_000;
const maxBatch = 500;
/** What can wait while Postgres is away; beyond it lines are lost, and the log says how many. */
const maxWaiting = 50_000;

export function createAuditLog(options: {
	database: IdentityDatabase;
	clock: Clock;
	logger: Logger;
	/** Keys the digests; the same on every replica. */
	secret: string;
	/** Lines of these users can be read now. */
	onWritten(userIds: ReadonlySet<string>): void;
}): AuditLog {
	const { database, clock, logger, onWritten } = options;
	let waiting: AuditLine[] = [];
	let writing: Promise<boolean> | undefined;
	let timer: Timer | undefined;
	let closed = false;

	function wake(delayMs: number): void {
		if (timer !== undefined || closed || waiting.length === 0) return;
		timer = clock.setTimeout(() => {
			timer = undefined;
			void flush();
		}, delayMs);
	}

	async function flush(): Promise<boolean> {
		writing ??= writeAll().finally(() => {
			writing = undefined;
		});
		return await writing;
	}

	/** Everything that waits, in order; false when Postgres did not take it. */
	async function writeAll(): Promise<boolean> {
		while (waiting.length > 0) {
			const batch = waiting.slice(0, maxBatch);
			try {
				await writeAuditLines(database, batch);
				waiting = waiting.slice(batch.length);
				onWritten(new Set(batch.map(({ userId }) => userId)));
			} catch (error) {
				logger.warn({ err: error, lines: waiting.length }, 'the audit log could not be written yet');
				wake(retryMs);
				return false;
			}
		}
		return true;
	}

	return {
		digest: createDigest(options.secret, 'audit log'),
		async begin(line) {
			await writeAuditLines(database, [{ ...line, outcome: 'unknown', durationMs: null }]);
		},
		end(line) {
			waiting.push(line);
			const excess = waiting.length - maxWaiting;
			if (excess > 0 && writing === undefined) {
				waiting = waiting.slice(excess);
				logger.error({ lines: excess }, 'lines of the audit log are lost: Postgres takes none');
			}
			wake(flushMs);
		},
		waiting: () => waiting.length,
		async settled() {
			await flush();
		},
		async [Symbol.asyncDispose]() {
			closed = true;
			clock.clearTimeout(timer);
			if (!(await flush())) logger.error({ lines: waiting.length }, 'lines of the audit log are lost');
		},
	};
}
