/**
 * A session is one user's device for as long as this process holds its lease.
 *
 * It goes round: open a socket with the stored credentials → wait until it ends, for whatever reason → decide by the
 * reason (after-close.ts) whether to connect again, now or later, or to stop. Each turn makes a new socket; Baileys does
 * not reconnect by itself. The states that the person sees are written to the device's row as they change:
 *
 *   linking      no credentials yet; a QR code is shown, renewed by WhatsApp until somebody scans it
 *   connecting   credentials are there; logging in
 *   connected    the socket is open and logged in
 *   reconnecting, offline   it broke; trying again, later each time
 *   logged_out, replaced, restricted, unlinked   the end: the lease is given back and nothing is tried
 *
 * A lost lease ends the session at once and in silence: the row belongs to somebody else.
 */

import type { Vault } from '@chat-manager/backend';
import { AppError, type DeviceState } from '@chat-manager/contracts';
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { changeDevice, type DeviceChange, forgetDevice } from '../database/devices.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Me, openAuthState } from '../whatsapp/auth-state.ts';
import type { Capture } from '../whatsapp/capturing-repository.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import { type CloseReason, type GroupMemory, openSocket, type WhatsAppSocket } from '../whatsapp/socket.ts';
import { afterClose, reconnectDelayMs } from './after-close.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { createPatience, type Patience } from './patience.ts';
import { createSecretStore } from './secret-store.ts';

export type Session = {
	readonly userId: string;
	readonly groups: CapturedGroups;
	/** The open socket; throws `device_offline` while there is none. */
	whatsapp(): WhatsAppSocket;
	/** Who the device belongs to, once it is linked. */
	me(): Me;
	/** Resolves when the session has ended by itself or was stopped. */
	readonly ended: Promise<void>;
	/** Closes the socket and resolves when everything that was under way is written. */
	stop(): Promise<void>;
	/** Makes WhatsApp forget the device. */
	logout(): Promise<void>;
};

export type SessionOptions = {
	lease: Lease;
	url: string;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	groups: CapturedGroups;
	groupMemory: GroupMemory;
	outbox: Outbox;
	/** Made for each socket: what is captured on it waits and closes it through its patience. */
	createCapture(socket: { isOpen(): boolean; me(): Me | undefined; persist: Patience }): Capture;
	onState(state: DeviceState): void;
	/** False from when another connector may take the user: then nothing is done with the socket any more. */
	mayAct(): boolean;
};

/** How long a QR code is shown before WhatsApp sends the next: the first, and each one after it. */
const qrLifetimesMs = [60_000, 20_000];

export function startSession(options: SessionOptions): Session {
	const { lease, db, vault, clock, logger, groups } = options;
	const { userId } = lease;
	const stopping = new AbortController();
	let socket: WhatsAppSocket | undefined;
	let connected = false;
	let me: Me | undefined;
	let qrCount = 0;

	async function setState(change: DeviceChange): Promise<void> {
		connected = change.state === 'connected';
		await changeDevice(db, lease, change);
		options.onState(change.state);
	}

	async function connectOnce(): Promise<CloseReason & { wasLinked: boolean }> {
		const isOpen = () => socket?.isOpen() ?? true; // Before the first socket nothing can be answered wrongly.
		const persist = createPatience({ clock, logger, isOpen, close: () => socket?.close() });
		const auth = await openAuthState(createSecretStore({ db, vault, lease, persist }));
		const wasLinked = auth.creds.account !== undefined;
		await setState({ state: wasLinked ? 'connecting' : 'linking', qr: null, qr_expires_at: null });
		qrCount = 0;
		const opened = openSocket({
			url: options.url,
			auth,
			logger,
			capture: options.createCapture({ isOpen, me: auth.me, persist }),
			listeners: {
				onQr: (qr) => report(showQr(qr)),
				onOpen: (person) => {
					me = person;
					report(setState({ state: 'connected', phone: phoneOf(person.jid), qr: null, qr_expires_at: null }));
				},
			},
			groupMemory: options.groupMemory,
			findSent: options.outbox.findContent,
		});
		socket = opened;
		if (stopping.signal.aborted) opened.close();
		const reason = await opened.closed;
		connected = false;
		await auth.saved();
		return { ...reason, wasLinked };
	}

	async function showQr(qr: string): Promise<void> {
		const lifetimeMs = qrLifetimesMs[qrCount] ?? qrLifetimesMs[1] ?? 20_000;
		qrCount++;
		const sealed = await vault.seal({ userId, row: 'devices/qr' }, qr);
		await setState({ state: 'linking', qr: sealed, qr_expires_at: new Date(clock.now() + lifetimeMs) });
	}

	async function live(): Promise<void> {
		for (let failures = 0; !stopping.signal.aborted; ) {
			const connectedAt = clock.monotonicMs();
			const { wasLinked, ...reason } = await connectOnce();
			if (stopping.signal.aborted) return;
			if (clock.monotonicMs() - connectedAt > 60_000) failures = 0;
			const next = afterClose(reason, wasLinked, failures);
			logger.info({ userId, code: reason.code, next }, 'connection ended');
			if (next.again === 'never') return end(next.state, next.forgetSecrets);
			await setState({ state: next.state });
			if (next.again === 'later')
				await sleep(clock, reconnectDelayMs(failures++), stopping.signal).catch(() => {});
		}
	}

	async function end(state: DeviceState, forgetSecrets: boolean): Promise<void> {
		if (forgetSecrets) await forgetDevice(db, lease, state);
		else await changeDevice(db, lease, { state, qr: null, qr_expires_at: null, wanted: false });
		options.onState(state);
	}

	/** For work that nobody waits for: a failure must not end the process. */
	function report(work: Promise<void>): void {
		work.catch((err: unknown) => {
			logger.warn({ err, userId }, 'the state of a device was not written');
			if (err instanceof LeaseLost) socket?.close();
		});
	}

	function knownMe(): Me {
		if (me === undefined) throw new Error('The device is not linked yet');
		return me;
	}

	const ended = (async () => {
		while (!stopping.signal.aborted) {
			try {
				return await live();
			} catch (err) {
				socket?.close();
				if (err instanceof LeaseLost) return;
				logger.error({ err, userId }, 'a session failed and starts again');
				await sleep(clock, 1_000, stopping.signal).catch(() => {});
			}
		}
	})();

	return {
		userId,
		groups,
		ended,
		me: knownMe,
		whatsapp() {
			if (socket === undefined || !connected || !socket.isOpen() || !options.mayAct()) throw deviceOffline();
			return socket;
		},
		async stop() {
			stopping.abort();
			socket?.close();
			await ended;
		},
		async logout() {
			await socket?.logout();
		},
	};
}

function deviceOffline(): AppError {
	return new AppError(
		'device_offline',
		'Your WhatsApp device is not connected at the moment. Open the dashboard to see its state, then try again.',
		{ retryAfterMs: 5_000 },
	);
}
