import type { DeliveryFault } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import type { Connections } from './connections.ts';
import type { Destinations } from './destinations.ts';
import { AttemptTimeout, faultOf, faultOfStatus } from './faults.ts';
import { postOnce } from './post-once.ts';

/** How long an attempt may take, from the first look at the address to the end of the answer. */
export const attemptTimeoutMs = 15_000;

export type Answer = {
	/** Null when none came. */
	status: number | null;
	/** Null when the delivery was accepted. */
	fault: DeliveryFault | null;
	/** As the endpoint wrote it. */
	retryAfter: string | undefined;
	/** Its first kilobyte. */
	body: Buffer;
	latencyMs: number;
};

export type Attempting = { clock: Clock; connections: Connections; destinations: Destinations };

/**
 * Posts once. Redirects are not followed: what they point to was not checked, and a signed body is not for somebody else.
 * Whatever the other side does is an `Answer`; it throws the signal's reason, when that has fired, and nothing else. Whoever
 * fires it cuts the connections.
 */
export async function attempt(
	{ clock, connections, destinations }: Attempting,
	{ url, headers, body }: { url: URL; headers: Record<string, string>; body: Buffer },
	signal: AbortSignal,
): Promise<Answer> {
	const startedMs = clock.monotonicMs();
	const latencyMs = () => Math.round(clock.monotonicMs() - startedMs);
	try {
		signal.throwIfAborted();
		destinations.checkUrl(url);
		const request = { path: url.pathname + url.search, headers, body };
		const posting = postOnce(connections.poolOf(url.origin), request);
		const timer = clock.setTimeout(() => posting.giveUp(new AttemptTimeout()), attemptTimeoutMs);
		const posted = await posting.outcome.finally(() => clock.clearTimeout(timer));
		return { ...posted, fault: faultOfStatus(posted.status), latencyMs: latencyMs() };
	} catch (error) {
		signal.throwIfAborted();
		return {
			status: null,
			fault: faultOf(error),
			retryAfter: undefined,
			body: Buffer.alloc(0),
			latencyMs: latencyMs(),
		};
	}
}
