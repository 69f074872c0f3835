import type { Dispatcher, Pool } from 'undici';

const maxAnswerBytes = 1_024;
const maxDiscardedBytes = 65_536;

export type Posted = {
	status: number;
	/** As the endpoint wrote it. */
	retryAfter: string | undefined;
	/** Its first kilobyte. */
	body: Buffer;
};

export type Posting = {
	/** Rejects with what kept the request from being answered. */
	outcome: Promise<Posted>;
	/** Ends it now, wherever it stands. */
	giveUp(reason: Error): void;
};

const nothing = Buffer.alloc(0);

/**
 * Posts to a pool by its lowest interface, without a stream and an abort signal for each request: those cost as much as all
 * the rest. The status decides: a body that breaks off or does not end changes nothing. A little more than what is kept is read
 * and thrown away, so that the connection can be used again; beyond that it is cut.
 */
export function postOnce(
	pool: Pool,
	request: { path: string; headers: Record<string, string>; body: Buffer },
): Posting {
	const { promise, resolve, reject } = Promise.withResolvers<Posted>();
	let controller: Dispatcher.DispatchController | undefined;
	let givenUp: Error | undefined;
	let answer: Posted | undefined;
	let bytes = 0;

	function end(error: Error): void {
		if (answer === undefined) reject(error);
		else resolve(answer);
	}

	pool.dispatch(
		{ ...request, method: 'POST' },
		{
			onRequestStart(started) {
				controller = started;
				if (givenUp !== undefined) started.abort(givenUp);
			},
			onResponseStart(_, status, headers) {
				if (status < 200) return; // Only an announcement of the answer.
				const retryAfter = headers['retry-after'];
				answer = {
					status,
					retryAfter: typeof retryAfter === 'string' ? retryAfter : retryAfter?.[0],
					body: nothing,
				};
			},
			onResponseData(started, chunk) {
				if (answer === undefined) return;
				if (bytes < maxAnswerBytes)
					answer.body = Buffer.concat([answer.body, chunk.subarray(0, maxAnswerBytes - bytes)]);
				bytes += chunk.length;
				if (bytes > maxAnswerBytes + maxDiscardedBytes) started.abort(new Error('The answer is too long.'));
			},
			onResponseEnd() {
				if (answer === undefined) reject(new Error('The answer has no status.'));
				else resolve(answer);
			},
			onResponseError: (_, error) => end(error),
		},
	);
	return {
		outcome: promise,
		giveUp(reason) {
			givenUp = reason;
			end(reason);
			controller?.abort(reason);
		},
	};
}
