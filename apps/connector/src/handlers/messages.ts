import { AppError, type Call, type Contract, type DomainHandlers, toAppError } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { findQuoted, mentionsIn } from '../groups/message-context.ts';
import { sendMessage } from '../groups/send-message.ts';
import type { Attempt, Outcome } from '../outbox/outbox.ts';
import { composeText } from '../whatsapp/compose-text.ts';
import { assertStarred } from './starred.ts';

export const messages: DomainHandlers<Contract['connector']['messages'], SessionContext> = {
	async send(context, { jid, text, replyTo, mentions = [], idempotencyKey }, call) {
		assertStarred(context, jid);
		return context.outbox.run<Sent>({
			operation: 'messages.send',
			idempotencyKey,
			args: { jid, text, replyTo, mentions },
			chatJid: jid,
			async prepare() {
				context.session.whatsapp(); // An offline device is said before anything is stored.
				const group = await context.groups.record.recalled(jid);
				const quoted = replyTo === undefined ? null : await findQuoted(context, jid, replyTo);
				return composeText({
					text,
					mentions: await mentionsIn(context, group, mentions),
					quoted,
					ephemeralSeconds: group?.ephemeralSeconds ?? 0,
				});
			},
			perform: (attempt) => send(context, call, jid, attempt),
			recall: ({ messageId, at }) => ({ messageId, status: 'sent', sentAt: at.toISOString() }),
		});
	},
};

type Sent = { messageId: string; status: 'sent' | 'unknown'; sentAt: string };

async function send(
	context: SessionContext,
	call: Call,
	chatJid: string,
	attempt: Attempt,
): Promise<Outcome<Sent>> {
	const { messageId, isRepeat } = attempt;
	const message = { chatJid, messageId, content: attempt.content ?? new Uint8Array() };
	let sent: Awaited<ReturnType<typeof sendMessage>>;
	try {
		sent = await sendMessage(context, call, message);
	} catch (thrown) {
		const error = toAppError(thrown);
		// Of an earlier attempt nothing is known any more: that this one failed does not mean that nothing was sent.
		if (isRepeat) return { status: 'unknown', error: stillUnknown(error) };
		return { status: 'not_sent', error };
	}
	const { status } = sent;
	const sentAt = sent.at ?? Math.floor(context.clock.now() / 1000) * 1000;
	const result = { messageId, status, sentAt: new Date(sentAt).toISOString() };
	return status === 'sent' ? { status, result, sentAt } : { status: 'unknown', result };
}

function stillUnknown(cause: AppError): AppError {
	if (!['device_offline', 'timeout', 'unavailable', 'whatsapp_rate_limited'].includes(cause.code))
		return cause;
	const { retryAfterMs } = cause;
	return new AppError(
		'outcome_unknown',
		'An earlier call with this key may have sent the message, and it could not be sent again to make sure. Repeat the call with the same key: it cannot arrive twice.',
		{ cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
	);
}
