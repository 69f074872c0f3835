import type { Completion } from '../database/complete-deliveries.ts';
import type { Answer } from './attempt.ts';
import { retryDelayMs } from './schedule.ts';

/** What becomes of a delivery after an attempt. */
export type Outcome = Pick<Completion, 'state' | 'at' | 'disable'>;

/**
 * 2xx: delivered. 410: the endpoint does not want to hear from us again, so it is disabled at once. Anything else is a failure
 * that is tried again until the schedule is at its end.
 *
 * @param made attempts made so far, this one included.
 */
export function judge(
	answer: Pick<Answer, 'fault' | 'retryAfter'>,
	{ made, now }: { made: number; now: number },
): Outcome {
	const at = new Date(now);
	if (answer.fault === null) return { state: 'delivered', at };
	if (answer.fault === 'gone') return { state: 'cancelled', at, disable: 'gone' };
	const delayMs = retryDelayMs({ made, retryAfter: answer.retryAfter, now });
	return delayMs === undefined
		? { state: 'given_up', at }
		: { state: 'pending', at: new Date(now + delayMs) };
}
