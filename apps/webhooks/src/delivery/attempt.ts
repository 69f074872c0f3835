import type { Clock } from '@chat-manager/service';
import type { Dispatcher } from 'undici';
import type { Connections } from './connections.ts';
import type { Destinations } from './destinations.ts';
import { AttemptTimeout, type Fault, faultOf, faultOfStatus } from './faults.ts';

/** How long an attempt may take, from the first look at the address to the end of the answer. */
export const attemptTimeoutMs = 15_000;
const maxAnswerBytes = 1_024;
const maxDiscardedBytes = 65_536;

export type Answer = {
	/** Null when none came. */
	status: number | null;
	/** Null when the delivery was accepted. */
	fault: Fault | null;
	/** As the endpoint wrote it. */
	retryAfter: string | undefined;
	/** Its first kilobyte. */
	body: Buffer;
	latencyMs: number;
};

export type Attempting = { clock: Clock; connections: Connections; destinations: Destinations };

/**
 * Posts once. Redirects are not followed: what they point to was not checked, and a signed body is not for somebody else.
 * Whatever the other side does is an `Answer`; it throws the signal's reason, when that fires, and nothing else.
 */
export async function attempt(
	{ clock, connections, destinations }: Attempting,
	{ url, headers, body }: { url: URL; headers: Record<string, string>; body: Buffer },
	signal: AbortSignal,
): Promise<Answer> {
	const startedMs = clock.monotonicMs();
	const latencyMs = () => Math.round(clock.monotonicMs() - startedMs);
	const giveUp = new AbortController();
	const timer = clock.setTimeout(() => giveUp.abort(new AttemptTimeout()), attemptTimeoutMs);
	const stop = () => giveUp.abort(signal.reason);
	signal.addEventListener('abort', stop, { once: true });
	try {
		signal.throwIfAborted();
		destinations.checkUrl(url);
		const response = await connections.poolOf(url.origin).request({
			method: 'POST',
			path: url.pathname + url.search,
			headers,
			body,
			signal: giveUp.signal,
		});
		const status = response.statusCode;
		const retryAfter = response.headers['retry-after'];
		return {
			status,
			fault: faultOfStatus(status),
			retryAfter: typeof retryAfter === 'string' ? retryAfter : retryAfter?.[0],
			body: await readStart(response.body),
			latencyMs: latencyMs(),
		};
	} catch (error) {
		signal.throwIfAborted();
		return {
			status: null,
			fault: faultOf(error),
			retryAfter: undefined,
			body: Buffer.alloc(0),
			latencyMs: latencyMs(),
		};
	} finally {
		clock.clearTimeout(timer);
		signal.removeEventListener('abort', stop);
	}
}

/**
 * The status has decided already: a body that breaks off or does not end changes nothing. A little more than what is kept is
 * read and thrown away, so that the connection can be used again; beyond that it is cut.
 */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
			chunks.push(chunk);
			bytes += chunk.length;
			if (bytes >= maxAnswerBytes) break;
		}
		await body.dump({ limit: maxDiscardedBytes });
	} catch {
		// What came is kept.
	}
	return Buffer.concat(chunks).subarray(0, maxAnswerBytes);
}
