import type { Completion } from '../database/complete-deliveries.ts';
import type { Answer } from './attempt.ts';
import { parseRetryAfter, retryDelayMs } from './schedule.ts';

/** What becomes of a delivery after an attempt. */
export type Outcome = Pick<Completion, 'state' | 'at' | 'isGone' | 'throttleMs'>;

/** With these an endpoint, or the proxy before it, says that it has too much to do. */
const overloaded: ReadonlySet<number | null> = new Set([429, 502, 503, 504]);

/**
 * 2xx: delivered. 410: the endpoint does not want to hear from us again, so it is disabled at once. Anything else is a failure
 * that is tried again until the schedule is at its end; where it means "overloaded", the whole endpoint is left alone a while.
 *
 * @param made attempts made so far since the schedule began, this one included.
 */
export function judge(
	answer: Pick<Answer, 'fault' | 'retryAfter'> & { status: number | null },
	{ made, now }: { made: number; now: number },
): Outcome {
	const at = new Date(now);
	if (answer.fault === null) return { state: 'delivered', at };
	if (answer.fault === 'gone') return { state: 'cancelled', at, isGone: true };
	const throttle = overloaded.has(answer.status)
		? { throttleMs: parseRetryAfter(answer.retryAfter, now) ?? 0 }
		: {};
	const delayMs = retryDelayMs({ made, retryAfter: answer.retryAfter, now });
	return delayMs === undefined
		? { state: 'given_up', at, ...throttle }
		: { state: 'pending', at: new Date(now + delayMs), ...throttle };
}
