/**
 * Nothing that was said is lost: the signal repository that captures.
 *
 * Stock Baileys decrypts a message, commits the advanced keys, sends the receipt, and only then tells the application. A
 * crash after the receipt loses the message for ever. This repository wraps the stock one and turns the order around.
 * For each ciphertext, inside one key transaction:
 *
 *   1. the stock call decrypts (its own transaction joins ours, so nothing is committed yet);
 *   2. a key that the message hands out (sender-key distribution) is taken in, in the same transaction: in two commits, a
 *      crash between them would break every later message of that author;
 *   3. the content is captured: it resolves once the event is stored outside of this process;
 *   4. the digest of the ciphertext is written beside the keys;
 *   5. the transaction commits; then Baileys goes on and sends the receipt.
 *
 * A crash before 5 leaves the old keys: WhatsApp delivers again, the message decrypts again, and its event, with the same
 * id, is recognised as a repeat. A crash after 5 and before the receipt: WhatsApp delivers again, decryption fails (the
 * message key is used up), the digest is found, and Baileys gets an empty message, for which it sends the plain receipt.
 * Nothing here throws while the socket is open, except a true decryption error after its placeholder was captured: for
 * any other exception Baileys would answer with an error, and WhatsApp would forget the message. (`capture` and the key
 * store close the socket before they throw.)
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { inSpan } from '@chat-manager/bus';
import {
	DEFAULT_CONNECTION_CONFIG,
	proto,
	type SignalAuthState,
	type SignalDataSet,
	type SignalKeyStoreWithTransaction,
	type SignalRepositoryWithLIDStore,
	type SocketConfig,
	unpadRandomMax16,
} from '@whiskeysockets/baileys';
import { captureLag } from '../metrics.ts';
import type { GroupNotice } from './group-notice.ts';
import { readMessage, type Said } from './read-message.ts';
import type { GroupReceipt } from './read-receipt.ts';
import { readResent } from './resent-placeholder.ts';
import { makeSessionsTakeTurns, sessionTurn } from './session-turns.ts';
import { type MessageStanza, type StanzaIndex, withoutDevice } from './stanza.ts';

export type Capture = {
	/** Whether the socket is still open. */
	isOpen(): boolean;
	/** Who the device belongs to, once that is known. */
	me(): { jid: string; lid: string | null } | undefined;
	/** Whether messages of this chat are captured at all. */
	isCaptured(chatJid: string): boolean;
	/** Resolves when what somebody said is stored elsewhere. Closes the socket before it throws. */
	captureMessage(stanza: MessageStanza, said: Said): Promise<void>;
	/** The same for a message that cannot be decrypted (yet): it will be asked for. */
	capturePlaceholder(stanza: MessageStanza): Promise<void>;
	/** The stanza of a message that could not be decrypted and is not captured yet. */
	recallUnread(chatJid: string, messageId: string): MessageStanza | undefined;
	/** Whether a notice is captured at all. */
	isNoticed(notice: GroupNotice): boolean;
	/** Resolves when what happened in the group is stored elsewhere. Nothing waits for it: WhatsApp is answered meanwhile. */
	captureNotice(notice: GroupNotice): Promise<void>;
	/** Takes note of what members' devices tell of own messages; nothing waits for it. */
	noteReceipts(receipts: readonly GroupReceipt[]): void;
	/** Takes note of messages that WhatsApp took, own ones and others. */
	noteSigns(messageIds: readonly string[]): void;
	/** Called when the keys of a captured message are committed, before its receipt. */
	committed(): void;
	/** Called when the receipt of a message of a captured chat was written. */
	receiptSent(): void;
	/** Whether a ciphertext with this digest was captured and committed before. */
	wasCommitted(digest: string): Promise<boolean>;
};

type MakeRepository = SocketConfig['makeSignalRepository'];
type Transacting = SignalAuthState & { keys: SignalKeyStoreWithTransaction };

/** The key type under which digests travel in a key transaction, beside the types of Baileys. */
export const committedDigest = 'committed-digest';

/** A message without content, padded as the protocol wants it: one byte of padding that says 1. */
const emptyMessage = new Uint8Array([1]);

export function makeCapturingRepository(stanzas: StanzaIndex, capture: Capture): MakeRepository {
	return (auth, logger, pnToLid) => {
		const { keys } = auth as Transacting; // Baileys adds the transactions before it makes the repository.
		const stock = makeSessionsTakeTurns(
			DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid),
			keys,
		);
		/** Distributions that were taken in with their message, so that Baileys' own call a moment later does nothing. */
		const takenIn = new Set<string>();
		// Made now, outside of any transaction: what runs through it does not join the one that is open.
		const outsideTransaction = AsyncLocalStorage.snapshot();

		async function decrypt(ciphertext: Uint8Array, key: string, stockCall: () => Promise<Uint8Array>) {
			const stanza = stanzas.find(ciphertext);
			if (stanza === undefined || !capture.isCaptured(stanza.chatJid)) return stockCall();
			const me = capture.me();
			stanzas.pair(me?.jid, me?.lid);
			const arrivedAt = stanzas.arrivedAt(stanza);
			const decrypted = await inSpan('capture message', { kind: 'CONSUMER', startTime: arrivedAt }, () =>
				commit(stanza, ciphertext, key, stockCall),
			);
			captureLag.observe({}, Date.now() - arrivedAt);
			capture.committed();
			return decrypted;
		}

		async function commit(
			stanza: MessageStanza,
			ciphertext: Uint8Array,
			key: string,
			stockCall: () => Promise<Uint8Array>,
		): Promise<Uint8Array> {
			const digest = digestOf(stanza.chatJid, stanza.authorDeviceJid, ciphertext);
			return keys.transaction(async () => {
				const plaintext = await stockCall().catch(async (error: unknown) => {
					// With the socket closed nothing can be answered: WhatsApp keeps the message and delivers it again.
					if (!capture.isOpen()) throw error;
					if (await capture.wasCommitted(digest)) return undefined;
					await capture.capturePlaceholder(stanza);
					throw error;
				});
				if (plaintext === undefined) return emptyMessage;
				const message = decodeMessage(plaintext);
				if (message === undefined) await capture.capturePlaceholder(stanza);
				else {
					if (message.senderKeyDistributionMessage) {
						await takeIn({ item: message.senderKeyDistributionMessage, authorJid: stanza.authorDeviceJid });
					}
					const said = readMessage(message, stanza, stanzas);
					if (said !== undefined) await capture.captureMessage(stanza, said);
				}
				await noteCommitted(digest);
				return plaintext;
			}, key);
		}

		/** A message of the own phone: it may hold what could not be decrypted before, and is captured in the same order. */
		async function decryptOwn(ciphertext: Uint8Array, jid: string, stockCall: () => Promise<Uint8Array>) {
			const digest = digestOf(jid, jid, ciphertext);
			let hasCaptured = false;
			const decrypted = await keys.transaction(async () => {
				const plaintext = await stockCall().catch(async (error: unknown) => {
					if (capture.isOpen() && (await capture.wasCommitted(digest))) return undefined;
					throw error;
				});
				if (plaintext === undefined) return emptyMessage;
				for (const { stanza, message } of readResent(decodeMessage(plaintext) ?? {}, capture.recallUnread)) {
					const said = capture.isCaptured(stanza.chatJid) && readMessage(message, stanza, stanzas);
					if (!said) continue;
					await capture.captureMessage(stanza, said);
					hasCaptured = true;
				}
				await noteCommitted(digest);
				return plaintext;
			}, sessionTurn);
			if (hasCaptured) capture.committed();
			return decrypted;
		}

		/** In the same step as the keys. A type of our own: Baileys hands every type through to the store as it is. */
		async function noteCommitted(digest: string): Promise<void> {
			await keys.set({ [committedDigest]: { [digest]: true } } as SignalDataSet);
		}

		function isOwn(jid: string): boolean {
			const me = capture.me();
			const person = withoutDevice(jid);
			return me !== undefined && (person === me.jid || person === me.lid);
		}

		async function takeIn(distribution: Distribution): Promise<void> {
			await stock.processSenderKeyDistributionMessage(distribution);
			takenIn.add(nameOf(distribution));
		}

		return {
			...stock,
			decryptGroupMessage: (options) =>
				decrypt(options.msg, options.group, () => stock.decryptGroupMessage(options)),
			decryptMessage(options) {
				const stockCall = () => stock.decryptMessage(options);
				const isPeer = stanzas.find(options.ciphertext) === undefined && isOwn(options.jid);
				return isPeer
					? decryptOwn(options.ciphertext, options.jid, stockCall)
					: decrypt(options.ciphertext, sessionTurn, stockCall);
			},
			async processSenderKeyDistributionMessage(distribution) {
				if (!takenIn.delete(nameOf(distribution)))
					await stock.processSenderKeyDistributionMessage(distribution);
			},
			// Stock order is frame, then commit; a crash between them would use a key and IV twice. Outside of the relay's
			// transaction the advanced sender key is committed before this returns, and so before the frame.
			encryptGroupMessage: (options) => outsideTransaction(() => stock.encryptGroupMessage(options)),
		};
	};
}

type Distribution = Parameters<SignalRepositoryWithLIDStore['processSenderKeyDistributionMessage']>[0];

function nameOf({ item, authorJid }: Distribution): string {
	const bytes = item.axolotlSenderKeyDistributionMessage ?? new Uint8Array();
	return `${item.groupId} ${authorJid} ${Buffer.from(bytes).toString('base64')}`;
}

function digestOf(chatJid: string, authorDeviceJid: string, ciphertext: Uint8Array): string {
	return createHash('sha256').update(`${chatJid} ${authorDeviceJid} `).update(ciphertext).digest('base64url');
}

/** `undefined` for bytes that are no message; Baileys will find that out again and ask for a retry. */
function decodeMessage(plaintext: Uint8Array): proto.IMessage | undefined {
	try {
		const message = proto.Message.decode(unpadRandomMax16(plaintext));
		return message.deviceSentMessage?.message ?? message;
	} catch {
		return undefined;
	}
}
