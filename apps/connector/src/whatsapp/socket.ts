import { inSpan } from '@chat-manager/bus';
import { AppError } from '@chat-manager/contracts';

import {
	type BinaryNode,
	Browsers,
	DisconnectReason,
	makeWASocket,
	proto,
	type WASocket,
} from '@whiskeysockets/baileys';

import { z } from 'zod';
import { createAcknowledgements } from './acknowledgements.ts';
import { askPhoneFor } from './ask-phone-for.ts';
import type { AuthState } from './auth-state.ts';
import { makeCapturingRepository } from './capturing-repository.ts';
import { readEnding, statusCode } from './ending.ts';
import type { ConnectionOptions, OutgoingMessage, SendOutcome, WhatsAppSocket } from './engine.ts';
import { createFrameReader } from './frames.ts';
import { toGroupMetadata } from './group-metadata.ts';
import { createGroups } from './groups.ts';
import { type LinkSigns, readLinkSigns } from './link-signs.ts';
import { fromWhatsApp } from './query.ts';
import { createQuietLogger } from './quiet-logger.ts';
import { renewGroupKey } from './renew-group-key.ts';
import { createSocketQuery } from './socket-query.ts';
import { createStanzaIndex } from './stanza.ts';

/** How long WhatsApp may take to acknowledge a message before its outcome is called unknown. */
const acknowledgementTimeoutMs = 15_000;
const shortestWaitMs = 500;
const queryTimeoutMs = 15_000;

/** Opens a connection for a device, linked or to be linked. */
export function openSocket(auth: AuthState, options: ConnectionOptions): WhatsAppSocket {
	const { url, capture, listeners, findSent, groupMemory, pingEveryMs, logger } = options;
	const isLinked = auth.creds.account !== undefined;
	const stanzas = createStanzaIndex();
	const acknowledgements = createAcknowledgements();
	groupMemory.beginConnection();
	const signs: LinkSigns = { isCodeTyped: false, codeRefusal: null, needsPasskey: false };
	const opened = Promise.withResolvers<void>();
	let isNewLogin = false;
	let isAsking = false;
	const socket: WASocket = makeWASocket({
		waWebSocketUrl: url,
		auth,
		logger: createQuietLogger(logger),
		browser: Browsers.macOS('Chrome'),
		markOnlineOnConnect: false, // Else the phone stops showing notifications.
		syncFullHistory: false,
		shouldSyncHistoryMessage: ({ syncType }) => syncType !== proto.HistorySync.HistorySyncType.RECENT,
		generateHighQualityLinkPreview: false, // Previews would fetch URLs out of message text from inside our network.
		defaultQueryTimeoutMs: queryTimeoutMs,
		keepAliveIntervalMs: pingEveryMs,
		transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 }, // The key store waits by itself.
		makeSignalRepository: makeCapturingRepository(stanzas, capture),
		cachedGroupMetadata: async (jid) => toGroupMetadata(await groupMemory.recall(jid)),
		async getMessage({ id }) {
			const bytes = id ? await findSent(id) : undefined;
			return bytes === undefined ? undefined : proto.Message.decode(bytes);
		},
	});
	const readFrame = createFrameReader({
		stanzas,
		acknowledgements,
		capture,
		groupMemory,
		// What waited can be there before Baileys calls the connection open.
		onCaughtUp: () => void opened.promise.then(listeners.onCaughtUp),
		logger,
	});
	socket.ws.on('frame', (node) => {
		listeners.onFrame();
		if (node instanceof Uint8Array) return; // The handshake.
		if (isLinked) {
			keepInOrder(node);
			return readFrame(node);
		}
		Object.assign(signs, readLinkSigns(node));
		if (signs.needsPasskey || signs.codeRefusal !== null) void socket.end(undefined);
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
	const closed: WhatsAppSocket['closed'] = new Promise((resolve) => {
		socket.ev.on('connection.update', (update) => {
			if (update.qr !== undefined) listeners.onQr(update.qr);
			if (update.isNewLogin) isNewLogin = true;
			// `sock.user` is a snapshot from the socket's beginning; the credentials are current.
			const me = auth.me();
			if (update.connection === 'open' && me !== undefined) {
				listeners.onOpen(me);
				opened.resolve();
			}
			if (update.connection === 'close') {
				acknowledgements.end();
				resolve(readEnding(update.lastDisconnect?.error, { ...signs, isNewLogin }));
			}
			const { reachoutTimeLock: lock } = update;
			// That there is none (any more) counts when WhatsApp says so by itself: it has just refused us otherwise.
			if (lock !== undefined && (lock.isActive || !isAsking))
				listeners.onRestriction(lock.isActive ? (lock.timeEnforcementEnds?.getTime() ?? null) : null);
		});
	});

	/** Asks for how long the account may not reach out; Baileys tells the answer as an update of the connection. */
	async function readRestriction(): Promise<void> {
		isAsking = true;
		await socket
			.fetchAccountReachoutTimelock()
			.catch((err: unknown) => logger.info({ err }, 'WhatsApp does not say for how long'));
		isAsking = false;
	}

	async function send(
		{ chatJid, messageId, content }: OutgoingMessage,
		timeoutMs: number,
	): Promise<SendOutcome> {
		const startedAt = performance.now();
		const acknowledged = acknowledgements.expect(messageId);
		try {
			await socket.relayMessage(chatJid, proto.Message.decode(content), { messageId });
		} catch (error) {
			if (failedBeforeWriting(error)) {
				acknowledged.forget();
				return { status: 'not_written', error: fromWhatsApp(error, 'look') };
			}
			logger.warn({ err: error, messageId }, 'it is unknown whether a message was written');
		}
		// What was asked before it (who gets it, on which devices) counts in the caller's time.
		const leftMs = Math.max(shortestWaitMs, timeoutMs - (performance.now() - startedAt));
		const outcome = await acknowledged.within(leftMs);
		if (outcome.status === 'refused' && outcome.code === '463') void readRestriction();
		return outcome;
	}

	return {
		groups: createGroups(createSocketQuery(socket, closed)),
		isOpen: () => socket.ws.isOpen,
		closed,
		requestCode: (phone) => socket.requestPairingCode(phone),
		send: (message, timeoutMs = acknowledgementTimeoutMs) =>
			inSpan('send message', { kind: 'CLIENT' }, async (span) => {
				const outcome = await send(message, timeoutMs);
				span.setAttribute('cm.outcome', outcome.status);
				return outcome;
			}),
		askPhoneFor: (messages) => askPhoneFor(socket, messages, auth.me()),
		renewGroupKey: (jid) => renewGroupKey(socket.authState, jid),
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
