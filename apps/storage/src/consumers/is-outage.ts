import { AppError } from '@chat-manager/contracts';
import { isConnectionError } from '@chat-manager/database';

/** Two transactions waited for each other, or saw each other's half: Postgres ended one of them, which has to begin again. */
const clashes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** Whether a batch has to wait as it is: Postgres is away, or the connectors, who have the keys of what the events say. */
export function isOutage(error: unknown): boolean {
	if (error instanceof AppError) return error.code === 'unavailable' || error.code === 'timeout';
	return (
		isConnectionError(error) || (error instanceof Error && clashes.has((error as { code?: unknown }).code))
	);
}
