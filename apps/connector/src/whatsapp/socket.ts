import { AppError } from '@chat-manager/contracts';
import type { Logger } from '@chat-manager/service';
import {
	type BinaryNode,
	Browsers,
	DisconnectReason,
	makeWASocket,
	proto,
	type WASocket,
} from '@whiskeysockets/baileys';
import { z } from 'zod';
import { type Acknowledgement, createAcknowledgements } from './acknowledgements.ts';
import type { AuthState, Me } from './auth-state.ts';
import { type Capture, makeCapturingRepository } from './capturing-repository.ts';
import { readChangedGroup } from './group-change.ts';
import { toGroupMetadata } from './group-metadata.ts';
import type { Group } from './group-node.ts';
import { type GroupNotice, readGroupNotice } from './group-notice.ts';
import { createGroups, type Groups } from './groups.ts';
import { fromWhatsApp } from './query.ts';
import { createSocketQuery } from './socket-query.ts';
import { createStanzaIndex } from './stanza.ts';

/** One connection to WhatsApp, from its opening to its end. A new one is made for every reconnection. */
export type WhatsAppSocket = {
	readonly groups: Groups;
	isOpen(): boolean;
	/** Resolves once, with the reason, when the connection has ended for whatever cause. */
	readonly closed: Promise<CloseReason>;
	/** Writes a message; resolves with what is known of it. Never throws. */
	send(message: OutgoingMessage): Promise<SendOutcome>;
	/** Tells WhatsApp to forget this device, and closes. */
	logout(): Promise<void>;
	/** Closes at once, before anything else can be sent. */
	close(): void;
};

/** The caller chooses the id; `content` is the protobuf of the message. */
export type OutgoingMessage = { chatJid: string; messageId: string; content: Uint8Array };

export type SendOutcome =
	| Acknowledgement
	/** It failed before a byte left. */
	| { status: 'not_written'; error: AppError };

/** Baileys' status code for the end of a connection, and WhatsApp's word for it where there is one. */
export type CloseReason = { code: number; isNewLogin: boolean };

export type SocketListeners = {
	onQr(qr: string): void;
	/** The device is logged in. */
	onOpen(me: Me): void;
};

export type SocketOptions = {
	url: string;
	auth: AuthState;
	capture: Capture;
	listeners: SocketListeners;
	/** The content of a message that this device sent, for recipients who could not decrypt it. */
	findSent(messageId: string): Promise<Uint8Array | undefined>;
	groupMemory: GroupMemory;
	logger: Logger;
};

/** What is known of a device's groups from one socket to the next. */
export type GroupMemory = {
	/** A new socket: what changed since the last one is not known. */
	beginConnection(): void;
	/** Something changed in a group; `notice` says what, where it is one that is understood. */
	noteChange(jid: string, notice: GroupNotice | undefined): void;
	/** Whom a message to the group goes to, and as whom it is sent. */
	recall(jid: string): Promise<Group>;
};

/** How long WhatsApp may take to acknowledge a message before its outcome is called unknown. */
const acknowledgementTimeoutMs = 15_000;
const queryTimeoutMs = 15_000;

export function openSocket({
	url,
	auth,
	capture,
	listeners,
	findSent,
	groupMemory,
	logger,
}: SocketOptions): WhatsAppSocket {
	const stanzas = createStanzaIndex();
	const acknowledgements = createAcknowledgements();
	groupMemory.beginConnection();
	let isNewLogin = false;
	let notices: Promise<void> = Promise.resolve();
	const socket: WASocket = makeWASocket({
		waWebSocketUrl: url,
		auth,
		logger: logger.child({}, { level: 'warn' }),
		browser: Browsers.macOS('Chrome'),
		markOnlineOnConnect: false, // Else the phone stops showing notifications.
		syncFullHistory: false,
		shouldSyncHistoryMessage: ({ syncType }) => syncType !== proto.HistorySync.HistorySyncType.RECENT,
		generateHighQualityLinkPreview: false, // Previews would fetch URLs out of message text from inside our network.
		defaultQueryTimeoutMs: queryTimeoutMs,
		transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 }, // The key store waits by itself.
		makeSignalRepository: makeCapturingRepository(stanzas, capture),
		cachedGroupMetadata: async (jid) => toGroupMetadata(await groupMemory.recall(jid)),
		async getMessage({ id }) {
			const bytes = id ? await findSent(id) : undefined;
			return bytes === undefined ? undefined : proto.Message.decode(bytes);
		},
	});
	socket.ws.on('frame', (node) => {
		if (node instanceof Uint8Array) return; // The handshake.
		stanzas.add(node);
		keepInOrder(node);
		acknowledgements.add(node);
		const notice = readGroupNotice(node);
		const changed = readChangedGroup(node);
		if (changed !== undefined) groupMemory.noteChange(changed, notice);
		if (notice === undefined || !capture.isNoticed(notice)) return;
		// In the order of arrival; a failure has closed the socket, and is made good by reading the members again.
		notices = notices
			.then(() => capture.captureNotice(notice))
			.catch((err: unknown) => logger.warn({ err }, 'a notice was lost'));
	});
	// Stock Baileys tells of a message after its receipt: too late to capture it, but the moment to know that it is out. What has
	// no content is a notice, or a placeholder, for which no receipt is sent.
	socket.ev.on('messages.upsert', ({ messages }) => {
		const isTaken = messages.some(
			({ key, message }) => message && key.remoteJid && capture.isCaptured(key.remoteJid),
		);
		if (isTaken) capture.receiptSent();
	});
	socket.ev.on(
		'creds.update',
		() => void auth.saveCredentials().catch((err: unknown) => logger.error({ err }, 'credentials not saved')),
	);
	const closed = new Promise<CloseReason>((resolve) => {
		socket.ev.on('connection.update', (update) => {
			if (update.qr !== undefined) listeners.onQr(update.qr);
			if (update.isNewLogin) isNewLogin = true;
			// `sock.user` is a snapshot from the socket's beginning; the credentials are current.
			const me = auth.me();
			if (update.connection === 'open' && me !== undefined) listeners.onOpen(me);
			if (update.connection === 'close') {
				acknowledgements.end();
				resolve({ code: statusCode(update.lastDisconnect?.error), isNewLogin });
			}
		});
	});

	return {
		groups: createGroups(createSocketQuery(socket, closed)),
		isOpen: () => socket.ws.isOpen,
		closed,
		async send({ chatJid, messageId, content }) {
			const acknowledged = acknowledgements.wait(messageId, acknowledgementTimeoutMs);
			try {
				await socket.relayMessage(chatJid, proto.Message.decode(content), { messageId });
			} catch (error) {
				acknowledgements.forget(messageId);
				if (failedBeforeWriting(error)) return { status: 'not_written', error: fromWhatsApp(error, 'look') };
				logger.warn({ err: error, messageId }, 'it is unknown whether a message was written');
			}
			return acknowledged;
		},
		async logout() {
			await socket.logout().catch((err: unknown) => logger.warn({ err }, 'logout was not confirmed'));
		},
		close() {
			void socket.end(undefined);
		},
	};
}

/**
 * Baileys handles what comes live before the queue of what came while the device was offline: of one group, newer messages
 * before older ones. With the mark of the queue a message stands in line with the others.
 */
function keepInOrder({ tag, attrs }: BinaryNode): void {
	if (tag === 'message' && attrs.from?.endsWith('@g.us')) attrs.offline ??= '0';
}

/**
 * Before the frame Baileys asks WhatsApp for devices and keys. When that fails it rejects with the number of the close
 * code, with WhatsApp's refusal in `data`, or with 428 for a socket that is closed already. An `AppError` is ours: the group
 * that the message goes to could not be read.
 */
function failedBeforeWriting(error: unknown): boolean {
	if (error instanceof AppError) return true;
	if (typeof error === 'number' || statusCode(error) === DisconnectReason.connectionClosed) return true;
	return z.object({ data: z.number() }).safeParse(error).success;
}

const Boom = z.object({ output: z.object({ statusCode: z.number() }) });

function statusCode(error: unknown): number {
	const boom = Boom.safeParse(error);
	return boom.success ? boom.data.output.statusCode : 0;
}
