import { AppError, type Call, toAppError } from '@chat-manager/contracts';
import { type Clock, sleep } from '@chat-manager/service';
import type { SessionContext } from '../context.ts';
import type { Group } from '../whatsapp/group-node.ts';

/** What is kept back of the caller's time for the answer to arrive. */
const answerMs = 1_000;
const longestMs = 15_000;

/** How long WhatsApp may take for one of the up to three queries of a call: a change, and two looks after it. */
export function patienceMs(call: Pick<Call, 'deadline'>, clock: Clock): number {
	return Math.max(1_000, Math.min(longestMs, Math.floor((call.deadline - clock.now() - answerMs) / 3)));
}

/**
 * Runs a look that changes nothing for as long as its caller waits, and a moment less: the caller hears of it in our words. It is
 * told how long it may take; what others wait for too goes on without this caller.
 */
export async function lookInTime<T>(
	{ clock }: Pick<SessionContext, 'clock'>,
	call: Pick<Call, 'deadline'>,
	look: (timeoutMs: number) => Promise<T>,
): Promise<T> {
	const leftMs = Math.min(longestMs, call.deadline - clock.now() - answerMs);
	if (leftMs <= 0) throw tooLate();
	const answered = new AbortController();
	const tooLong = sleep(clock, leftMs, answered.signal).then(() => {
		throw tooLate();
	});
	try {
		return await Promise.race([look(leftMs), tooLong]);
	} finally {
		answered.abort();
	}
}

/**
 * Looks at what became of a change of unknown outcome, which must not be repeated. After a broken connection it waits for the
 * next one, for as long as the caller waits. `undefined`: nothing can be seen in that time.
 */
export async function lookAgain<T>(
	{ session, clock, logger }: SessionContext,
	call: Pick<Call, 'deadline'>,
	look: (timeoutMs: number) => Promise<T>,
): Promise<T | undefined> {
	let hasEnded = false;
	void session.ended.then(() => {
		hasEnded = true;
	});
	while (!hasEnded) {
		const leftMs = call.deadline - clock.now() - answerMs;
		if (leftMs <= 0) break;
		try {
			session.whatsapp();
			return await look(Math.min(longestMs, leftMs));
		} catch (error) {
			if (toAppError(error).code !== 'device_offline') {
				logger.warn({ err: error }, 'what became of a change cannot be seen');
				break;
			}
			await sleep(clock, Math.min(200, leftMs));
		}
	}
	return undefined;
}

export function rereadGroup(
	context: SessionContext,
	call: Pick<Call, 'deadline'>,
	jid: string,
): Promise<Group | undefined> {
	return lookAgain(context, call, (timeoutMs) => context.groups.record.reread(jid, timeoutMs));
}

function tooLate(): AppError {
	return new AppError(
		'timeout',
		'WhatsApp did not answer in time. Nothing was changed; try again in a moment.',
	);
}
