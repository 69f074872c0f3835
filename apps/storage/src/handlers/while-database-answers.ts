import { AppError, type Contract, type Handlers } from '@chat-manager/contracts';
import { isConnectionError } from '@chat-manager/database';
import type { StorageContext } from '../context.ts';

type StorageHandlers = Handlers<Contract['storage'], StorageContext>;

/** The same handlers; with Postgres away they answer `unavailable`, which says that a repeat can help, and not `internal`. */
export function whileDatabaseAnswers(handlers: StorageHandlers): StorageHandlers {
	return mapFunctions(handlers, (handler) => async (...args) => {
		try {
			return await handler(...args);
		} catch (error) {
			throw isConnectionError(error) ? databaseAway(error) : error;
		}
	});
}

function databaseAway(cause: unknown): AppError {
	return new AppError(
		'unavailable',
		'The record cannot be reached at the moment. Try again in a moment; if you changed something, look first whether it was done.',
		{ cause, retryAfterMs: 2_000 },
	);
}

type AnyFunction = (...args: never[]) => Promise<unknown>;

/** Every function of a nested object replaced by another of the same type. */
function mapFunctions<T extends object>(tree: T, wrap: (handler: AnyFunction) => AnyFunction): T {
	const entries = Object.entries(tree).map(([name, value]) => [
		name,
		typeof value === 'function' ? wrap(value) : mapFunctions(value, wrap),
	]);
	return Object.fromEntries(entries) as T;
}
