/**
 * Effects on WhatsApp that happen at most once for each idempotency key.
 *
 * An entry, with its message id already chosen, is stored before anything is written; its status says what is known:
 *
 *   pending   being done by this process, or by one that died over it: then as `unknown`
 *   sent      done; the stored result is the answer to every repeat
 *   unknown   the connection broke or WhatsApp said nothing: it may have been done
 *   not_sent  certainly not done
 *
 * Of a message the entry also holds, until it is recorded, where it went and when it was sent, as far as that is known
 * (outbox-seals.ts; devices/sent-recorder.ts goes on with it): what follows from a message must not depend on this process.
 *
 * A repeat with the same key and arguments waits while the effect runs here; returns the result once there is one, also while
 * the device is offline; and otherwise is done again, which must be harmless if it was done before (the *same* message id;
 * look before creating).
 * A repeat with other arguments is a mistake of the caller. Keys are kept for 24 hours and contents for two weeks, unless the operator set more (prune.ts).
 */
import { createHash } from 'node:crypto';
import type { Vault } from '@chat-manager/backend';
import { AppError } from '@chat-manager/contracts';
import type { Kysely } from 'kysely';
import { type Lease, LeaseLost } from '../database/lease.ts';
import { addToOutbox, findByKey, findSent, type OutboxEntry, settleOutbox } from '../database/outbox.ts';
import type { Tables } from '../database/tables.ts';
import type { OutgoingMessage } from '../whatsapp/engine.ts';
import { createMessageId } from './message-id.ts';
import { createOutboxSeals } from './outbox-seals.ts';

export type Outbox = {
	run<T extends object>(effect: Effect<T>): Promise<T>;
	/** The content of a message that was sent, for recipients who could not decrypt it. */
	findContent(messageId: string): Promise<Buffer | undefined>;
};

export type Effect<T extends object> = {
	operation: string;
	idempotencyKey: string | undefined;
	args: unknown;
	/** Where the message goes, if it is one. */
	chatJid?: string;
	/** Looks whether it can be done now, and makes the protobuf of the message that goes out; null where there is none. */
	prepare(): Promise<Uint8Array | null>;
	perform(attempt: Attempt): Promise<Outcome<T>>;
	/** The answer to a repeat when only later signs told that it was done. Without it, a repeat does it again. */
	recall?(done: { messageId: string; at: Date }): T;
};

/** `isRepeat`: an earlier attempt may have been done already. */
export type Attempt = { messageId: string; content: Uint8Array | null; isRepeat: boolean; createdAt: Date };

/** `sentAt`: WhatsApp's time for a message, milliseconds since the epoch. */
export type Outcome<T> =
	| { status: 'sent'; result: T; sentAt?: number }
	| { status: 'unknown'; result: T }
	| { status: 'not_sent' | 'unknown'; error: AppError };

/** Who goes on with what is known of a message. */
export type OutboxListeners = {
	/** From now on it may be sent; its entry is of that time. */
	onWriting(message: OutgoingMessage, at: Date): void;
	/** WhatsApp said what became of it: nobody needs to look for signs any more. */
	onAnswered(messageId: string): void;
	/** WhatsApp said nothing, and that is stored, if it could be: only later signs can tell. */
	onUnknown(messageId: string): void;
	/** It was sent, and that is stored, if it could be. Never throws. */
	onSent(message: OutgoingMessage, sentAt: number): Promise<void>;
};

export function createOutbox(options: {
	db: Kysely<Tables>;
	vault: Vault;
	lease: Lease;
	listeners: OutboxListeners;
}): Outbox {
	const { db, lease, listeners } = options;
	const { userId } = lease;
	const seals = createOutboxSeals(options.vault, userId);
	/** Message id → what runs in this process. */
	const running = new Map<string, Promise<object>>();

	async function perform<T extends object>(effect: Effect<T>, attempt: Attempt): Promise<T> {
		const { messageId, content, createdAt } = attempt;
		const { chatJid } = effect;
		const message = chatJid !== undefined && content !== null ? { chatJid, messageId, content } : undefined;
		if (message !== undefined) listeners.onWriting(message, createdAt);
		const outcome = await effect.perform(attempt);
		if (outcome.status !== 'unknown') listeners.onAnswered(messageId);
		const settled = settle(messageId, chatJid, outcome);
		await settled.catch(() => {}); // What is known is true, also when it could not be written down.
		if (outcome.status === 'unknown') listeners.onUnknown(messageId);
		if (message !== undefined && outcome.status === 'sent' && outcome.sentAt !== undefined)
			await listeners.onSent(message, outcome.sentAt);
		await settled;
		if ('error' in outcome) throw outcome.error;
		return outcome.result;
	}

	async function settle(
		messageId: string,
		chatJid: string | undefined,
		outcome: Outcome<object>,
	): Promise<void> {
		const { status } = outcome;
		const sentAt = status === 'sent' ? outcome.sentAt : null;
		const isOpen = chatJid !== undefined && status !== 'not_sent' && sentAt !== undefined;
		try {
			await settleOutbox(db, lease, {
				messageId,
				status,
				result: 'result' in outcome ? await seals.seal(messageId, 'result', outcome.result) : null,
				unrecorded: isOpen ? await seals.seal(messageId, 'unrecorded', { chatJid, sentAt }) : null,
			});
		} catch (error) {
			// Another connector has the device by now. What is known is still true, and a repeat is harmless.
			if (!(error instanceof LeaseLost)) throw error;
		}
	}

	async function track<T extends object>(messageId: string, work: Promise<T>): Promise<T> {
		running.set(messageId, work);
		try {
			return await work;
		} finally {
			running.delete(messageId);
		}
	}

	async function repeat<T extends object>(effect: Effect<T>, entry: OutboxEntry, digest: string): Promise<T> {
		const { message_id: messageId, status, result, created_at: createdAt } = entry;
		if (entry.arguments_digest !== digest) throw conflict();
		const known = running.get(messageId);
		if (known !== undefined) return known as Promise<T>;
		if (status === 'sent' && result !== null)
			return JSON.parse((await seals.open(messageId, 'result', result)).toString());
		if (status === 'sent' && effect.recall !== undefined) return effect.recall({ messageId, at: createdAt });
		const again = async () =>
			perform(effect, {
				messageId,
				content: await openContent(entry),
				isRepeat: status !== 'not_sent',
				createdAt,
			});
		return track(messageId, again());
	}

	async function openContent({ message_id, content }: OutboxEntry): Promise<Buffer | null> {
		return content && seals.open(message_id, 'content', content);
	}

	return {
		async run<T extends object>(effect: Effect<T>): Promise<T> {
			const { operation, idempotencyKey: key, args, chatJid } = effect;
			const digest = createHash('sha256').update(JSON.stringify(args)).digest('base64url');
			const known = key === undefined ? undefined : await findByKey(db, { userId, operation, key });
			if (known !== undefined) return repeat(effect, known, digest);
			const content = await effect.prepare();
			const messageId = createMessageId();
			const { isNew, entry } = await addToOutbox(db, lease, {
				message_id: messageId,
				operation,
				idempotency_key: key ?? null,
				arguments_digest: digest,
				content: content && (await seals.sealBytes(messageId, 'content', content)),
				unrecorded:
					chatJid === undefined ? null : await seals.seal(messageId, 'unrecorded', { chatJid, sentAt: null }),
			});
			if (!isNew) return repeat(effect, entry, digest);
			const { created_at: createdAt } = entry;
			return track(messageId, perform(effect, { messageId, content, isRepeat: false, createdAt }));
		},
		async findContent(messageId) {
			const sealed = await findSent(db, userId, messageId);
			return sealed === null ? undefined : seals.open(messageId, 'content', sealed);
		},
	};
}

function conflict(): AppError {
	return new AppError(
		'idempotency_conflict',
		'This idempotencyKey was used before with other arguments. Use a new key for a new request, or repeat the old one unchanged.',
	);
}
