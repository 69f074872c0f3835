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
	const { clock, recordSent } = context;
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
	const at = sent.at ?? Math.floor(clock.now() / 1000) * 1000;
	await recordSent(message, at);
	const { status } = sent;
	return { status, result: { messageId, status, sentAt: new Date(at).toISOString() } };
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
