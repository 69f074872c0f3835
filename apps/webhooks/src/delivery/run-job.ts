import { inSpan, traceFromText } from '@chat-manager/bus';
import { isConnectionError } from '@chat-manager/database';
import type { WebhooksContext } from '../context.ts';
import type { Completion } from '../database/complete-deliveries.ts';
import { attempts, deliveryLatency } from '../metrics.ts';
import { answerPlace, bodyPlace } from '../places.ts';
import { type Answer, attempt } from './attempt.ts';
import type { Connections } from './connections.ts';
import type { Job } from './lanes.ts';
import { judge } from './outcome.ts';
import { signedHeaders } from './sign.ts';
import type { SigningKeys } from './signing-keys.ts';

export type JobContext = Pick<WebhooksContext, 'clock' | 'logger' | 'vault' | 'destinations'> & {
	connections: Connections;
	signingKeys: SigningKeys;
};

/**
 * One attempt of a leased delivery, from the sealed row to its completion. Undefined when nothing can be said about it (the
 * process is stopping, our own database is away): then the lease runs out, and it is tried again.
 */
export async function runJob(
	context: JobContext,
	job: Job,
	signal: AbortSignal,
): Promise<Completion | undefined> {
	const { clock, logger, vault } = context;
	const at = new Date(clock.now());
	const number = job.attempts + 1;
	const made = number - job.earlierAttempts;
	const { userId, endpointId, lease } = job;
	const completion = { deliveryId: job.id, userId, endpointId, lease };
	if (job.isDisabled) return { ...completion, state: 'cancelled', at };
	try {
		const step = {
			kind: 'CLIENT',
			parent: traceFromText(job.trace),
			attributes: { 'cm.attempt': number },
		} as const;
		const answer = await inSpan('post webhook', step, async (span) => {
			const given = await post(context, job, at, signal);
			span.setAttribute('cm.outcome', given.fault ?? 'delivered');
			return given;
		});
		const { status, fault, latencyMs } = answer;
		attempts.observe({ outcome: fault ?? 'delivered' }, latencyMs);
		if (fault === null) deliveryLatency.observe({}, clock.now() - job.receivedAt.getTime());
		logger.debug(
			{ endpoint: endpointId, event: job.eventId, number, status, fault, latencyMs },
			'attempt made',
		);
		const sealed =
			answer.body.length === 0 ? null : await vault.seal(answerPlace(userId, job.id, number), answer.body);
		return {
			...completion,
			...judge(answer, { made, now: clock.now() }),
			attempt: { number, at, latencyMs, status, fault, answer: sealed },
		};
	} catch (error) {
		if (signal.aborted || isConnectionError(error)) return undefined;
		logger.error({ err: error, delivery: job.id }, 'an attempt failed on our side');
		return {
			...completion,
			...judge({ status: null, fault: 'internal', retryAfter: undefined }, { made, now: clock.now() }),
			attempt: { number, at, latencyMs: 0, status: null, fault: 'internal', answer: null },
		};
	}
}

async function post(context: JobContext, job: Job, at: Date, signal: AbortSignal): Promise<Answer> {
	const { userId, endpointId, eventId } = job;
	const sealedSecrets = [job.secret, ...(job.oldSecret === null ? [] : [job.oldSecret])];
	const [body, keys] = await Promise.all([
		context.vault.open(bodyPlace(userId, eventId), job.body),
		context.signingKeys.of({ userId, endpointId }, sealedSecrets),
	]);
	const headers = signedHeaders({ keys, eventId, at, body });
	return attempt(context, { url: new URL(job.url), headers, body }, signal);
}
