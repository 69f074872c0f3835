import type { EventKey } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Publish } from '../context.ts';
import { hasDigest } from '../database/secrets.ts';
import type { Tables } from '../database/tables.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import type { Capture } from '../whatsapp/capturing-repository.ts';
import { describeContent } from '../whatsapp/describe-message.ts';
import type { OutgoingMessage } from '../whatsapp/socket.ts';
import type { MessageStanza } from '../whatsapp/stanza.ts';
import type { CapturePoint } from './capture-points.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { groupEvents } from './group-events.ts';
import { messageEvent, placeholderEvent } from './message-event.ts';
import type { Patience } from './patience.ts';

export type CaptureOptions = {
	userId: string;
	db: Kysely<Tables>;
	groups: CapturedGroups;
	eventKey: EventKey;
	publish: Publish;
	/** Named points of the way at which a test may end the process. */
	reach: (point: CapturePoint) => void;
	socket: { isOpen(): boolean; me(): Me | undefined; persist: Patience };
};

/** Publishes what one socket decrypts, for the groups that are starred. */
export function createCapture(options: CaptureOptions): Capture {
	const { userId, db, groups, eventKey, publish, reach, socket } = options;

	function authorOf({ authorJid }: MessageStanza) {
		const me = socket.me();
		return { userId, isYou: me !== undefined && (authorJid === me.lid || authorJid === me.jid) };
	}

	return {
		isOpen: socket.isOpen,
		isCaptured: groups.has,
		async captureMessage(stanza, described) {
			const event = messageEvent(authorOf(stanza), stanza, described, groups.storing() ? eventKey : null);
			reach('capture.before-publish');
			await socket.persist(() => publish(event));
			reach('capture.after-publish');
		},
		async capturePlaceholder(stanza) {
			await socket.persist(() => publish(placeholderEvent(authorOf(stanza), stanza)));
		},
		async captureNotice(notice) {
			for (const event of groupEvents(userId, notice)) await socket.persist(() => publish(event));
		},
		committed: () => reach('capture.after-commit'),
		wasCommitted: (digest) => socket.persist(() => hasDigest(db, userId, digest)),
	};
}

/** A message that this device sent: WhatsApp does not bring it back, so it is captured by its sender. */
export function createSentRecorder(
	options: Pick<CaptureOptions, 'userId' | 'groups' | 'eventKey' | 'publish'>,
) {
	const { userId, groups, eventKey, publish } = options;
	return async (me: Me, { chatJid, messageId, content }: OutgoingMessage, sentAt: number): Promise<void> => {
		const described = describeContent(content);
		if (described === undefined) return;
		const authorJid = me.lid ?? me.jid;
		const stanza: MessageStanza = {
			chatJid,
			messageId,
			authorJid,
			authorDeviceJid: authorJid,
			authorPhoneJid: me.jid,
			pushName: null,
			sentAt,
		};
		await publish(
			messageEvent({ userId, isYou: true }, stanza, described, groups.storing() ? eventKey : null),
		);
	};
}

export type RecordSent = ReturnType<typeof createSentRecorder>;
