import type { Logger } from '@chat-manager/service';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What Baileys wants of a logger. */
export type QuietLogger = { level: string; child(fields: Record<string, unknown>): QuietLogger } & Record<
	Level,
	(fields: unknown, message?: string) => void
>;

/** So many lines that say the same are written in a minute; then one that counts the others. */
const perMinute = 20;
const minuteMs = 60_000;
const maxKinds = 500;

/**
 * A logger for Baileys, which writes an error with its stack for every message that it cannot read: with sessions that went
 * out of step those are hundreds of thousands an hour, of a handful of kinds. Lines below `warn` are not written.
 */
export function createQuietLogger(
	logger: Pick<Logger, 'warn' | 'error'>,
	monotonicMs: () => number = () => performance.now(),
): QuietLogger {
	const kinds = new Map<string, { since: number; count: number }>();

	function write(level: 'warn' | 'error', fields: unknown, message: string | undefined): void {
		const text = message ?? (typeof fields === 'string' ? fields : '');
		const now = monotonicMs();
		const kind = kinds.get(text);
		if (kind !== undefined && now - kind.since < minuteMs) {
			kind.count++;
			if (kind.count > perMinute) return;
		} else {
			if (kind !== undefined && kind.count > perMinute)
				logger[level]({ repeated: kind.count - perMinute }, `${text} (many times)`);
			if (kinds.size >= maxKinds) kinds.clear();
			kinds.set(text, { since: now, count: 1 });
		}
		logger[level](typeof fields === 'object' && fields !== null ? fields : {}, text);
	}

	const quiet: QuietLogger = {
		level: 'warn',
		child: () => quiet,
		trace: () => {},
		debug: () => {},
		info: () => {},
		warn: (fields, message) => write('warn', fields, message),
		error: (fields, message) => write('error', fields, message),
	};
	return quiet;
}
