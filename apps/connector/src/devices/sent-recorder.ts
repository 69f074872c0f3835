/**
 * Messages that this device sent: WhatsApp does not bring them back, so their event is published by whoever sent them.
 *
 * Of each it stands in the outbox, from before its frame until its event is stored, that it is not recorded yet. So whoever
 * has the device next goes on with it:
 *
 *   sent        told at once, or, while NATS is away, again and again; the answer to the caller does not wait for that
 *   not known   (the connection broke, or the process died over it) told when a sign comes that WhatsApp took it: a late
 *               acknowledgement, or what anybody's device says of it. WhatsApp keeps such signs for a device that is away.
 *
 * The event's id is the message's: a repeat is the same event. So what this process knows it tells, also when the device is
 * another's by then: that one may not know it.
 */
import type { Vault } from '@chat-manager/backend';
import type { Clock, EventKey, Logger, Timer } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Publish } from '../context.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import { findSent, listUnrecorded, setUnrecorded } from '../database/outbox.ts';
import type { Tables } from '../database/tables.ts';
import type { OutboxListeners } from '../outbox/outbox.ts';
import { createOutboxSeals, Unrecorded } from '../outbox/outbox-seals.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import { describeBytes } from '../whatsapp/describe-message.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { messageEvent } from './message-event.ts';

export type SentRecorder = OutboxListeners & {
	/** Takes up what an earlier process left, before the device is connected. */
	load(): Promise<void>;
	/** WhatsApp took these messages of ours, or others. */
	onSigns(messageIds: readonly string[]): void;
	/** Tells what is known and not told, now and until all is. Never throws. */
	catchUp(): Promise<void>;
	/** Leaves to whoever has the device next what the database knows, and goes on with what this process alone heard. */
	close(): void;
};

type Unproven = { chatJid: string; sentAt: number; isUnderWay: boolean; hasSign: boolean };
type Sent = {
	chatJid: string;
	sentAt: number;
	content?: Uint8Array;
	/** That it was sent is not in the database yet. */
	isNewlyKnown?: boolean;
	/** It was read there, so whoever comes next reads it too. */
	isStored?: boolean;
};

const retryMs = 2_000;

export function createSentRecorder(options: {
	lease: Lease;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	groups: CapturedGroups;
	eventKey: EventKey;
	publish: Publish;
	me(): Me;
}): SentRecorder {
	const { lease, db, clock, logger, groups, eventKey, publish } = options;
	const { userId } = lease;
	const seals = createOutboxSeals(options.vault, userId);
	const left = new Map<string, Sent>();
	/** Of these nobody knows: message id → where it went, if it did, and when. A sign of one under way waits for its outcome. */
	const unknown = new Map<string, Unproven>();
	let telling: Promise<void> | undefined;
	let timer: Timer | undefined;

	async function tell(messageId: string, sent: Sent): Promise<void> {
		const { chatJid, sentAt, content = await findContent(messageId), isNewlyKnown } = sent;
		if (isNewlyKnown) {
			await keep(messageId, await seals.seal(messageId, 'unrecorded', { chatJid, sentAt }));
		}
		const described = content && describeBytes(content);
		if (described !== undefined) {
			const me = options.me();
			const authorJid = me.lid ?? me.jid;
			const stanza = {
				chatJid,
				messageId,
				authorJid,
				authorDeviceJid: authorJid,
				authorPhoneJid: me.jid,
				pushName: null,
				sentAt,
				isHidden: false,
			};
			const key = groups.storing() ? eventKey : null;
			await publish(messageEvent({ userId, isYou: true }, stanza, described, key));
		}
		await keep(messageId, null);
	}

	async function keep(messageId: string, value: Buffer | null): Promise<void> {
		try {
			await setUnrecorded(db, lease, { messageId, value });
		} catch (error) {
			// What was heard here is true, whoever has the device now. That one may have to hear it anew.
			if (!(error instanceof LeaseLost)) throw error;
		}
	}

	async function findContent(messageId: string): Promise<Uint8Array | undefined> {
		const sealed = await findSent(db, userId, messageId);
		return sealed === null ? undefined : seals.open(messageId, 'content', sealed);
	}

	function wake(): void {
		if (timer !== undefined || left.size === 0) return;
		timer = clock.setTimeout(() => {
			timer = undefined;
			void tellAll();
		}, retryMs);
	}

	/** One at a time: nothing is told twice at once. What is added meanwhile is told by the same run. */
	function tellAll(): Promise<void> {
		telling ??= tellLeft().finally(() => {
			telling = undefined;
			wake();
		});
		return telling;
	}

	/** In the order in which they became known; the first that fails ends it for now. */
	async function tellLeft(): Promise<void> {
		for (const [messageId, sent] of left) {
			try {
				await tell(messageId, sent);
				left.delete(messageId);
			} catch (err) {
				logger.warn({ err, messages: left.size }, 'sent messages are not recorded yet');
				return;
			}
		}
	}

	function prove(messageId: string, { chatJid, sentAt }: Unproven): void {
		unknown.delete(messageId);
		left.set(messageId, { chatJid, sentAt, isNewlyKnown: true });
		void tellAll();
	}

	return {
		async load() {
			for (const { messageId, value, createdAt } of await listUnrecorded(db, userId)) {
				try {
					const bytes = await seals.open(messageId, 'unrecorded', value);
					const { chatJid, sentAt } = Unrecorded.parse(JSON.parse(bytes.toString()));
					const since = inSeconds(createdAt);
					if (sentAt === null)
						unknown.set(messageId, { chatJid, sentAt: since, isUnderWay: false, hasSign: false });
					else left.set(messageId, { chatJid, sentAt, isStored: true });
				} catch (err) {
					logger.error({ err, messageId }, 'what an earlier process did not record does not open');
				}
			}
		},
		onWriting({ chatJid, messageId }, at) {
			unknown.set(messageId, { chatJid, sentAt: inSeconds(at), isUnderWay: true, hasSign: false });
		},
		onAnswered: (messageId) => void unknown.delete(messageId),
		onUnknown(messageId) {
			const message = unknown.get(messageId);
			if (message === undefined) return;
			message.isUnderWay = false;
			if (message.hasSign) prove(messageId, message);
		},
		async onSent({ chatJid, messageId, content }, sentAt) {
			const sent = { chatJid, sentAt, content };
			try {
				await tell(messageId, sent);
			} catch (err) {
				logger.warn({ err, messageId }, 'a sent message could not be recorded yet');
				left.set(messageId, sent);
				wake();
			}
		},
		onSigns(messageIds) {
			for (const messageId of messageIds) {
				const message = unknown.get(messageId);
				if (message?.isUnderWay === true) message.hasSign = true;
				else if (message !== undefined) prove(messageId, message);
			}
		},
		catchUp: tellAll,
		close() {
			for (const [messageId, sent] of left) if (sent.isStored === true) left.delete(messageId);
		},
	};
}

/** As WhatsApp tells the time of everybody's messages: whole seconds, in milliseconds since the epoch. */
function inSeconds(at: Date): number {
	return Math.floor(at.getTime() / 1000) * 1000;
}
