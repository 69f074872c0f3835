import { setTimeout as delay } from 'node:timers/promises';
import { certificateFault } from './certificate-fault.ts';
import { isConnectionError } from './error-codes.ts';
import type { Log } from './log.ts';

const firstDelayMs = 100;
const longestDelayMs = 5_000;

/**
 * Resolves once Postgres answers; retries while it cannot be reached, twice as long each time up to 5 s. Logs when a state
 * begins, not every try. Rejects with the signal's reason when that fires, and at once when waiting does not help: a wrong
 * password, no such database, a certificate that does not fit.
 */
export async function waitForDatabase(
	database: { ping(): Promise<void> },
	options: { logger: Log; signal: AbortSignal },
): Promise<void> {
	const { logger, signal } = options;
	let reported: string | undefined;
	for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
		signal.throwIfAborted();
		const failure = await database.ping().then(() => undefined, asError);
		if (failure === undefined) break;
		if (!isConnectionError(failure)) throw certificateFault(failure) ?? failure;
		const state = (failure as { code?: string }).code ?? failure.message;
		if (state !== reported) logger.warn({ err: failure }, 'waiting for the database');
		reported = state;
		// Rejects with an AbortError of its own; the loop's head then throws the signal's reason.
		await delay(delayMs, undefined, { signal }).catch(() => undefined);
	}
	if (reported !== undefined) logger.info({}, 'the database answers');
}

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error('The database could not be asked.', { cause: thrown });
}
