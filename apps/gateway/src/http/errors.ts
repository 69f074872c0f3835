import { AppError, toAppError } from '@chat-manager/contracts';
import type { Logger } from '@chat-manager/service';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';

/** The one shape of an error for people and programs: JSON with our code and our sentence. */
function sendError(response: Response, error: AppError): void {
	setRetryAfter(response, error);
	response.status(error.http).set('Cache-Control', 'no-store').json({ error: error.toBody() });
}

/** Whole seconds, rounded up: repeating at that time succeeds. */
export function setRetryAfter(response: Response, { retryAfterMs }: AppError): void {
	if (retryAfterMs !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
}

export const notFound: RequestHandler = (request) => {
	throw routeNotFound(request.method);
};

export function routeNotFound(method: string): AppError {
	return new AppError('route_not_found', `There is nothing at this address for ${method}.`);
}

/** Says which methods there are, as HTTP demands of a 405. */
export function methodNotAllowed(response: Response, allowed: string): AppError {
	response.set('Allow', allowed);
	return new AppError('method_not_allowed', `Only ${allowed} is possible here.`);
}

/** Whatever was thrown at a door; what express itself finds wrong with a request (a broken URL) is no fault of ours. */
export function doorError(thrown: unknown): AppError {
	const { status } = (thrown ?? {}) as { status?: unknown };
	if (!(thrown instanceof AppError) && typeof status === 'number' && status >= 400 && status < 500)
		return new AppError('invalid_input', 'The request could not be understood.', { cause: thrown });
	return toAppError(thrown);
}

/** The last handler: nothing leaves as HTML or with a stack. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
	return (thrown: unknown, request, response, next) => {
		const error = doorError(thrown);
		if (error.code === 'internal') logger.error({ err: thrown, method: request.method }, 'request failed');
		if (response.headersSent) next(thrown);
		else sendError(response, error);
	};
}
