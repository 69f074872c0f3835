/**
 * Messages that this device sent: WhatsApp does not bring them back, so their event is published by whoever sent them.
 *
 * The answer to the caller does not wait for an outage of NATS. What could not be published is written beside its entry in
 * the outbox and tried again until it is stored, also by the next process. The event's id is the message's: a repeat is the
 * same event.
 */
import type { Vault } from '@chat-manager/backend';
import type { Clock, EventKey, Logger, Timer } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Publish } from '../context.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import { findSent, listUnrecorded, setUnrecorded } from '../database/outbox.ts';
import type { Tables } from '../database/tables.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import { describeBytes } from '../whatsapp/describe-message.ts';
import type { OutgoingMessage } from '../whatsapp/engine.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { messageEvent } from './message-event.ts';

export type SentRecorder = {
	/** Records what was sent at that time, now or as soon as it is possible. Never throws. */
	record(message: OutgoingMessage, sentAt: number): Promise<void>;
	/** Takes up what an earlier process left. Never throws. */
	catchUp(): Promise<void>;
	/** Tries no more. */
	close(): void;
};

export type RecordSent = SentRecorder['record'];

const retryMs = 2_000;
const Left = z.object({ chatJid: z.string(), sentAt: z.number() });

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
	const { lease, db, vault, clock, logger, groups, eventKey, publish } = options;
	const { userId } = lease;
	const left = new Map<string, { message: OutgoingMessage; sentAt: number }>();
	let timer: Timer | undefined;
	let isClosed = false;
	const placeOf = (messageId: string) => ({ userId, row: `outbox/${messageId}/unrecorded` });

	async function tell({ chatJid, messageId, content }: OutgoingMessage, sentAt: number): Promise<void> {
		const described = describeBytes(content);
		if (described === undefined) return;
		const me = options.me();
		const authorJid = me.lid ?? me.jid;
		const stanza: MessageStanza = {
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

	async function keep(message: OutgoingMessage, sentAt: number): Promise<void> {
		const { chatJid, messageId } = message;
		left.set(messageId, { message, sentAt });
		wake();
		const value = await vault.seal(placeOf(messageId), JSON.stringify({ chatJid, sentAt }));
		await setUnrecorded(db, lease, { messageId, value });
	}

	function wake(): void {
		if (timer !== undefined || isClosed || left.size === 0) return;
		timer = clock.setTimeout(() => {
			timer = undefined;
			void tellAll().then(wake);
		}, retryMs);
	}

	/** In the order in which they were sent; the first that fails ends it. */
	async function tellAll(): Promise<void> {
		for (const [messageId, { message, sentAt }] of [...left]) {
			try {
				await tell(message, sentAt);
				await setUnrecorded(db, lease, { messageId, value: null });
				left.delete(messageId);
			} catch (err) {
				if (err instanceof LeaseLost) isClosed = true; // Whoever has the device now goes on with it.
				logger.warn({ err, messages: left.size }, 'sent messages are not recorded yet');
				return;
			}
		}
	}

	return {
		async record(message, sentAt) {
			try {
				await tell(message, sentAt);
			} catch (err) {
				const { messageId } = message;
				logger.warn({ err, messageId }, 'a sent message could not be recorded yet');
				await keep(message, sentAt).catch((error: unknown) =>
					logger.error({ err: error, messageId }, 'that a message is not recorded was not written down'),
				);
			}
		},
		async catchUp() {
			try {
				for (const { messageId, value } of await listUnrecorded(db, userId)) {
					if (left.has(messageId)) continue;
					const { chatJid, sentAt } = Left.parse(
						JSON.parse((await vault.open(placeOf(messageId), value)).toString()),
					);
					const sealed = await findSent(db, userId, messageId);
					const content = sealed && (await vault.open({ userId, row: `outbox/${messageId}` }, sealed));
					if (content !== null) left.set(messageId, { message: { chatJid, messageId, content }, sentAt });
				}
			} catch (err) {
				logger.warn({ err }, 'what an earlier process did not record was not read');
			}
			await tellAll();
			wake();
		},
		close() {
			isClosed = true;
			clock.clearTimeout(timer);
		},
	};
}
