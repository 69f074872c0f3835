import { AppError, ErrorBody } from '@chat-manager/contracts';
import { z } from 'zod';
import { reach } from './connection.ts';

const Refusal = z.object({ error: ErrorBody });

/** What the server answers to a request with a JSON body; its own error, with its own sentence, when it refuses. */
export async function post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
	const response = await reach(path, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
		signal: signal ?? null,
	});
	return await readAnswer(response);
}

/** The JSON of an answer, or the error that it carries. */
export async function readAnswer(response: Response): Promise<unknown> {
	const answer: unknown = await response.json().catch(() => undefined);
	if (response.ok && answer !== undefined) return answer;
	const refusal = Refusal.safeParse(answer);
	if (!refusal.success) throw notUnderstood();
	const { code, message, retryAfterMs } = refusal.data.error;
	throw new AppError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** A proxy in front, or a server that is newer than this page. */
export function notUnderstood(cause?: unknown): AppError {
	return new AppError(
		'internal',
		'The server gave an answer that this page does not understand. Reload the page; it may be older than the server.',
		{ cause },
	);
}
