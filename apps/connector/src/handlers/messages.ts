import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
} from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import type { Attempt, Outcome } from '../outbox/outbox.ts';
import { composeText } from '../whatsapp/compose-text.ts';
import { assertStarred } from './starred.ts';

export const messages: DomainHandlers<Contract['connector']['messages'], SessionContext> = {
	async send(context, { jid, text, replyTo, mentions = [], idempotencyKey }, call) {
		assertStarred(context, jid);
		context.session.whatsapp(); // An offline device is said before anything is stored.
		const quoted = replyTo === undefined ? null : await findQuoted(context, jid, replyTo);
		return context.outbox.run<Sent>({
			operation: 'messages.send',
			idempotencyKey,
			args: { jid, text, replyTo, mentions },
			content: composeText({ text, mentions, quoted }),
			perform: (attempt) => send(context, call, jid, attempt),
		});
	},
};

type Sent = { messageId: string; status: 'sent' | 'unknown'; sentAt: string };

async function send(
	{ session, clock, recordSent, logger }: SessionContext,
	call: Call,
	chatJid: string,
	attempt: Attempt,
): Promise<Outcome<Sent>> {
	const socket = session.whatsapp();
	assertInTime(call, clock.now());
	const { messageId } = attempt;
	const message = { chatJid, messageId, content: attempt.content ?? new Uint8Array() };
	const outcome = await socket.send(message);
	if (outcome.status === 'refused') return { status: 'not_sent', error: refused(outcome.code) };
	if (outcome.status === 'not_written') return { status: 'not_sent', error: outcome.error };
	const at = (outcome.status === 'sent' ? outcome.at : null) ?? Math.floor(clock.now() / 1000) * 1000;
	// Its id is the message's: if WhatsApp tells of it too, or the call is repeated, it is the same event.
	await recordSent(session.me(), message, at).catch((err: unknown) =>
		logger.error({ err, messageId }, 'a sent message was not recorded'),
	);
	return {
		status: outcome.status,
		result: { messageId, status: outcome.status, sentAt: new Date(at).toISOString() },
	};
}

async function findQuoted({ session, storage }: SessionContext, jid: string, messageId: string) {
	const { message } = await storage.messages.find({ userId: session.userId, jid, messageId });
	return { messageId, authorJid: message.sender.jid, text: message.text ?? '' };
}

/** The codes of Baileys' `NACK_REASONS` and `SERVER_ERROR_CODES`, and those of group rights. */
function refused(code: string): AppError {
	if (code === '463' || code === '429') {
		return new AppError(
			'whatsapp_rate_limited',
			'WhatsApp restricts sending from this account at the moment. Wait before you try again; repeating makes it worse.',
			{ retryAfterMs: 600_000 },
		);
	}
	if (code === '401' || code === '403') {
		return new AppError(
			'not_group_admin',
			'WhatsApp refused the message: only admins may write in this group, or you are no longer in it.',
		);
	}
	return new AppError('whatsapp_refused', `WhatsApp refused the message (code ${code}). It was not sent.`);
}
