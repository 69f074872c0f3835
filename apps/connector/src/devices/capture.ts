import { isOutage, type Vault } from '@chat-manager/backend';
import type { EventKey, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Publish } from '../context.ts';
import type { Lease } from '../database/lease.ts';
import { hasDigest } from '../database/secrets.ts';
import type { Tables } from '../database/tables.ts';
import { undecryptable } from '../metrics.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import type { Capture } from '../whatsapp/capturing-repository.ts';
import type { GroupNotice } from '../whatsapp/group-notice.ts';
import type { Said } from '../whatsapp/read-message.ts';
import type { GroupReceipt } from '../whatsapp/read-receipt.ts';
import { readVote } from '../whatsapp/read-vote.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';
import type { CapturePoint } from './capture-points.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { type Change, changeEvent } from './change-event.ts';
import { groupEvents } from './group-events.ts';
import { messageEvent, placeholderEvent } from './message-event.ts';
import type { Patience } from './patience.ts';
import { createPolls } from './polls.ts';
import { createReducingPublish } from './publish-reduced.ts';
import type { UnreadMessages } from './unread-messages.ts';

export type CaptureOptions = {
	lease: Lease;
	db: Kysely<Tables>;
	vault: Vault;
	logger: Logger;
	groups: CapturedGroups;
	unread: UnreadMessages;
	eventKey: EventKey;
	publish: Publish;
	/** Named points of the way at which a test may end the process. */
	reach: (point: CapturePoint) => void;
	noteReceipts: (receipts: readonly GroupReceipt[]) => void;
	noteSigns: (messageIds: readonly string[]) => void;
	/** Tells what happened in a starred group. */
	tellNotice: (notice: GroupNotice, persist: Patience) => Promise<void>;
	socket: { isOpen(): boolean; me(): Me | undefined; persist: Patience };
};

/** Publishes what one socket decrypts, for the groups that are starred. */
export function createCapture(options: CaptureOptions): Capture {
	const { lease, db, vault, logger, groups, unread, eventKey, reach, socket } = options;
	const { userId } = lease;
	const publish = createReducingPublish(options.publish, logger);
	const polls = createPolls({ db, vault, lease });

	function authorOf({ authorJid }: MessageStanza) {
		const me = socket.me();
		return { userId, isYou: me !== undefined && (authorJid === me.lid || authorJid === me.jid) };
	}

	/** The event of what was said; undefined for what its sender may not do. */
	async function eventOf(stanza: MessageStanza, said: Said) {
		const key = groups.storing() ? eventKey : null;
		if (said.type === 'message') {
			if (said.poll !== undefined && key !== null) await polls.keep(stanza, said.poll);
			return messageEvent(authorOf(stanza), stanza, said, key);
		}
		if (said.kind === 'edit' && said.target.authorJid !== stanza.authorJid) {
			logger.warn({ messageId: stanza.messageId }, "an edit of somebody else's message is ignored");
			return undefined;
		}
		const chosen = key === null ? undefined : await readChoice(stanza, said);
		return changeEvent(authorOf(stanza), stanza, said, { eventKey: key, chosen });
	}

	async function readChoice({ chatJid }: MessageStanza, change: Change): Promise<string[] | undefined> {
		if (change.kind !== 'vote') return undefined;
		try {
			const poll = await polls.find({ chatJid, ...change.target });
			return poll && readVote(poll, change.target, change.vote);
		} catch (error) {
			if (isOutage(error)) throw error;
			logger.error({ err: error }, 'what is kept of a poll does not open; the vote is told without a choice');
			return undefined;
		}
	}

	return {
		isOpen: socket.isOpen,
		me: socket.me,
		isCaptured: groups.has,
		async captureMessage(stanza, said) {
			const event = await socket.persist(() => eventOf(stanza, said));
			if (event !== undefined) {
				reach('capture.before-publish');
				await socket.persist(() => publish(event));
				reach('capture.after-publish');
			}
			await socket.persist(() => unread.settle(stanza));
		},
		async capturePlaceholder(stanza) {
			await socket.persist(() => unread.note(stanza));
			undecryptable.add({});
			if (stanza.isHidden) return; // Not a message: where it belongs nobody would see a gap.
			await socket.persist(() => publish(placeholderEvent(authorOf(stanza), stanza)));
		},
		recallUnread: (chatJid, messageId) => unread.recall({ chatJid, messageId }),
		/** Of a group that is not starred only that the person came into it. */
		isNoticed: ({ chatJid, change }) => change.kind === 'created' || groups.has(chatJid),
		async captureNotice(notice) {
			if (groups.has(notice.chatJid)) return options.tellNotice(notice, socket.persist);
			for (const event of groupEvents(userId, notice)) await socket.persist(() => publish(event));
		},
		/** Of own messages, by others: what the own devices tell each other says nothing. */
		noteReceipts(all) {
			const me = socket.me();
			const others = all.filter(
				({ chatJid, memberJid }) => groups.has(chatJid) && memberJid !== me?.lid && memberJid !== me?.jid,
			);
			if (others.length > 0) options.noteReceipts(others);
		},
		noteSigns: options.noteSigns,
		committed: () => reach('capture.after-commit'),
		receiptSent: () => reach('capture.after-receipt'),
		wasCommitted: (digest) => socket.persist(() => hasDigest(db, userId, digest)),
	};
}
