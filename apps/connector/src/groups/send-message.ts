import { AppError, assertInTime, type Call } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { sends } from '../metrics.ts';
import type { OutgoingMessage } from '../whatsapp/engine.ts';
import { notAdmin, notMember, ownRole } from './explain.ts';
import { lookInTime } from './look-again.ts';

/** WhatsApp takes the sender's view of the group for out of date: it is read again, and the refused message sent once more. */
const stale = ['421', '479'];
const answerMs = 1_000;
const longestMs = 15_000;

/** What is known of a message that was written: `at` is WhatsApp's time for it. */
export type Written = { status: 'sent' | 'unknown'; at: number | null };

/**
 * Writes a message, when it is the time for one, and tells what WhatsApp said. Throws only when it certainly was not sent.
 * `unknown`: it was written, and WhatsApp said nothing in the caller's time or before the connection broke.
 */
export async function sendMessage(
	context: SessionContext,
	call: Call,
	message: OutgoingMessage,
): Promise<Written> {
	const { groups, session, clock } = context;
	groups.limits.passMessage();
	for (let isAgain = false; ; isAgain = true) {
		assertInTime(call, clock.now());
		const timeoutMs = Math.max(answerMs, Math.min(longestMs, call.deadline - clock.now() - answerMs));
		const outcome = await session.whatsapp().send(message, timeoutMs);
		sends.add({ outcome: outcome.status });
		if (outcome.status === 'not_written') throw outcome.error;
		if (outcome.status === 'unknown') return { status: 'unknown', at: null };
		if (outcome.status === 'sent') {
			groups.limits.noteMessage(null);
			return outcome;
		}
		if (isAgain || !stale.includes(outcome.code)) throw await refused(context, call, message, outcome.code);
		groups.record.noteChange(message.chatJid);
	}
}

/** The codes of Baileys' `NACK_REASONS` and `SERVER_ERROR_CODES`, and those of group rights. */
async function refused(
	context: SessionContext,
	call: Call,
	{ chatJid }: OutgoingMessage,
	code: string,
): Promise<AppError> {
	const { limits, record } = context.groups;
	const retryAfterMs = limits.noteMessage(code);
	if (retryAfterMs !== undefined) {
		const minutes = Math.ceil(retryAfterMs / 60_000);
		return new AppError(
			'whatsapp_rate_limited',
			`WhatsApp restricts sending from this account at the moment. It was not sent. Do not try again before ${minutes} minutes are over; repeating makes it worse.`,
			{ retryAfterMs },
		);
	}
	if (code === '401' || code === '403' || code === '404') {
		record.noteChange(chatJid);
		try {
			const group = await lookInTime(context, call, (timeoutMs) => record.current(chatJid, timeoutMs));
			const role = ownRole(context, group);
			if (role === undefined) return notMember();
			if (role === 'member') return notAdmin();
		} catch (error) {
			if (error instanceof AppError && ['not_group_member', 'group_not_found'].includes(error.code))
				return error;
		}
		return new AppError(
			'not_group_admin',
			'WhatsApp refused the message: only admins may write in this group, or you are no longer in it. It was not sent.',
		);
	}
	if (stale.includes(code))
		return new AppError(
			'whatsapp_refused',
			`WhatsApp refused the message (code ${code}): what is known here of the members' devices was out of date. It was not sent; try again in a few minutes.`,
		);
	return new AppError('whatsapp_refused', `WhatsApp refused the message (code ${code}). It was not sent.`);
}
