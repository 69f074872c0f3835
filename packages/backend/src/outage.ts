import { AppError } from '@chat-manager/contracts';
import { isConnectionError } from '@chat-manager/database';

/** Two transactions waited for each other, or saw each other's half: Postgres ended one of them, which has to begin again. */
const clashes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** Whether work has to wait as it is: Postgres is away, or another service that it needs. */
export function isOutage(error: unknown): boolean {
	if (error instanceof AppError) return error.code === 'unavailable' || error.code === 'timeout';
	return (
		isConnectionError(error) || (error instanceof Error && clashes.has((error as { code?: unknown }).code))
	);
}

/** With Postgres away an operation is `unavailable`, which says that a repeat can help, and not `internal`. */
export function sayUnavailable(error: unknown): unknown {
	if (!isConnectionError(error)) return error;
	return new AppError(
		'unavailable',
		'What this needs cannot be reached at the moment. Try again in a moment; if you changed something, look first whether it was done.',
		{ cause: error, retryAfterMs: 2_000 },
	);
}
