/**
 * Effects on WhatsApp that happen at most once for each idempotency key.
 *
 * An entry, with its message id already chosen, is stored before anything is written; its status says what is known:
 *
 *   pending   being done by this process, or by one that died over it
 *   sent      done; the stored result is the answer to every repeat
 *   unknown   the connection broke or WhatsApp said nothing: it may have been done
 *   not_sent  certainly not done
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
import { createMessageId } from './message-id.ts';

export type Outbox = {
	run<T extends object>(effect: Effect<T>): Promise<T>;
	/** The content of a message that was sent, for recipients who could not decrypt it. */
	findContent(messageId: string): Promise<Buffer | undefined>;
};

export type Effect<T extends object> = {
	operation: string;
	idempotencyKey: string | undefined;
	args: unknown;
	/** Looks whether it can be done now, and makes the protobuf of the message that goes out; null where there is none. */
	prepare(): Promise<Uint8Array | null>;
	perform(attempt: Attempt): Promise<Outcome<T>>;
};

/** `isRepeat`: an earlier attempt may have been done already. */
export type Attempt = { messageId: string; content: Uint8Array | null; isRepeat: boolean; createdAt: Date };

export type Outcome<T> =
	| { status: 'sent' | 'unknown'; result: T }
	| { status: 'not_sent' | 'unknown'; error: AppError };

export function createOutbox(options: { db: Kysely<Tables>; vault: Vault; lease: Lease }): Outbox {
	const { db, vault, lease } = options;
	const { userId } = lease;
	/** Message id → what runs in this process. */
	const running = new Map<string, Promise<object>>();
	const contentPlace = (messageId: string) => `outbox/${messageId}`;
	const resultPlace = (messageId: string) => `outbox/${messageId}/result`;

	async function perform<T extends object>(effect: Effect<T>, attempt: Attempt): Promise<T> {
		const { messageId } = attempt;
		const outcome = await effect.perform(attempt);
		const result =
			'result' in outcome
				? await vault.seal({ userId, row: resultPlace(messageId) }, JSON.stringify(outcome.result))
				: null;
		await settleOutbox(db, lease, { messageId, status: outcome.status, result }).catch((error: unknown) => {
			// Another connector has the device by now. What is known is still true, and a repeat is harmless.
			if (!(error instanceof LeaseLost)) throw error;
		});
		if ('error' in outcome) throw outcome.error;
		return outcome.result;
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
		if (status === 'sent' && result !== null) {
			const json = await vault.open({ userId, row: resultPlace(messageId) }, result);
			return JSON.parse(json.toString());
		}
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
		return content && vault.open({ userId, row: contentPlace(message_id) }, content);
	}

	return {
		async run<T extends object>(effect: Effect<T>): Promise<T> {
			const { operation, idempotencyKey: key, args } = effect;
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
				content: content && (await vault.seal({ userId, row: contentPlace(messageId) }, content)),
			});
			if (!isNew) return repeat(effect, entry, digest);
			const { created_at: createdAt } = entry;
			return track(messageId, perform(effect, { messageId, content, isRepeat: false, createdAt }));
		},
		async findContent(messageId) {
			const sealed = await findSent(db, userId, messageId);
			return sealed === null ? undefined : vault.open({ userId, row: contentPlace(messageId) }, sealed);
		},
	};
}

function conflict(): AppError {
	return new AppError(
		'idempotency_conflict',
		'This idempotencyKey was used before with other arguments. Use a new key for a new request, or repeat the old one unchanged.',
	);
}
