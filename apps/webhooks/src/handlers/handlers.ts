import { AppError, type Contract, type Handlers } from '@chat-manager/contracts';
import { isConnectionError } from '@chat-manager/database';
import type { WebhooksContext } from '../context.ts';
import { webhooks } from './webhooks.ts';

type WebhooksHandlers = Handlers<Contract['webhooks'], WebhooksContext>;
type AnyHandler = (...args: never[]) => Promise<unknown>;

/** The handlers of this service; with Postgres away they answer `unavailable`, which says that a repeat can help. */
export const handlers: WebhooksHandlers = { webhooks: whileDatabaseAnswers(webhooks) };

function whileDatabaseAnswers<T extends object>(domain: T): T {
	const wrap =
		(handler: AnyHandler): AnyHandler =>
		async (...args) => {
			try {
				return await handler(...args);
			} catch (error) {
				throw isConnectionError(error) ? databaseAway(error) : error;
			}
		};
	return Object.fromEntries(Object.entries(domain).map(([verb, handler]) => [verb, wrap(handler)])) as T;
}

function databaseAway(cause: unknown): AppError {
	return new AppError(
		'unavailable',
		'Webhooks cannot be looked up at the moment. Try again in a moment; if you added or deleted one, call list_webhooks first.',
		{ cause, retryAfterMs: 2_000 },
	);
}
