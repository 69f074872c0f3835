/**
 * A session is one user's device for as long as this process holds its lease.
 *
 * It goes round: open a connection with the stored credentials → wait until it ends, for whatever reason → decide by the
 * reason whether to connect again, now or later, or to stop. What the states mean and what follows from what stands in
 * device-life.ts; the states are written to the device's row, one after the other, as they change.
 *
 * A lost lease ends the session at once and in silence: the row belongs to somebody else.
 */

import type { Vault } from '@chat-manager/backend';
import { AppError, type DeviceState } from '@chat-manager/contracts';
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { changeDevice, type DeviceChange, forgetDevice, nothingShown } from '../database/devices.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import { connectionsEnded, connectionsOpened } from '../metrics.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import type { Capture } from '../whatsapp/capturing-repository.ts';
import type { ConnectionListeners, Engine, GroupMemory, WhatsAppSocket } from '../whatsapp/engine.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import type { Announcer } from './announcer.ts';
import type { CapturedGroups } from './captured-groups.ts';
import { afterEnding, type Ending, type Next } from './device-life.ts';
import { createLinking, type Link } from './linking.ts';
import { createPatience, type Patience } from './patience.ts';
import { createSecretStore } from './secret-store.ts';

export type Session = {
	readonly userId: string;
	readonly groups: CapturedGroups;
	/** The open socket; throws `device_offline` while there is none. */
	whatsapp(): WhatsAppSocket;
	/** Renews the key of own messages to a group; also before the connection counts as open, for what waited for it. */
	renewGroupKey(jid: string): Promise<void>;
	/** Who the device belongs to, once it is linked. */
	me(): Me;
	/** Resolves when the session has ended by itself or was stopped. */
	readonly ended: Promise<void>;
	/** The state of the device as it was last noted, and for how long WhatsApp has said nothing. */
	condition(): { state: DeviceState; silentMs: number };
	/** Closes the socket and resolves when everything that was under way is written. */
	stop(): Promise<void>;
	/** Makes WhatsApp forget the device. */
	logout(): Promise<void>;
};

export type SessionOptions = {
	lease: Lease;
	link: Link;
	/** Before then WhatsApp must not be asked: it said so to an earlier session. */
	notBefore: Date | null;
	engine: Engine;
	url: string;
	pingEveryMs: number;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	groups: CapturedGroups;
	groupMemory: GroupMemory;
	outbox: Pick<Outbox, 'findContent'>;
	/** Made for each socket: what is captured on it waits and closes it through its patience. */
	createCapture(socket: { isOpen(): boolean; me(): Me | undefined; persist: Patience }): Capture;
	listeners: Pick<ConnectionListeners, 'onCaughtUp' | 'onRestriction'>;
	announcer: Announcer;
	/** The device's row was written: whoever looks at it sees something else now. */
	onChanged(): void;
	/** False from when another connector may take the user: then nothing is done with the socket any more. */
	mayAct(): boolean;
};

/** A connection that lasted this long was a good one: the next failure is the first. */
const goodAfterMs = 60_000;

export function startSession(options: SessionOptions): Session {
	const { lease, link, db, vault, clock, logger, groups, announcer } = options;
	const { userId } = lease;
	const stopping = new AbortController();
	let socket: WhatsAppSocket | undefined;
	let connected = false;
	let isUnlinking = false;
	let me: Me | undefined;
	let state: DeviceState = 'connecting';
	let heardAtMs = clock.monotonicMs();
	let lastWrite: Promise<void> = Promise.resolve();

	/** States are written in the order in which they were reached. */
	function setState(change: DeviceChange | Promise<DeviceChange | undefined>): Promise<void> {
		const written = lastWrite.then(async () => {
			const known = await change;
			if (known === undefined) return;
			const next = { reason: null, retry_at: null, ...known };
			state = next.state;
			await changeDevice(db, lease, next);
			announcer.note(next);
			options.onChanged();
		});
		lastWrite = written.catch(() => {});
		return written;
	}

	async function connectOnce(): Promise<Ending & { wasLinked: boolean; openMs: number }> {
		const isOpen = () => socket?.isOpen() ?? true; // Before the first socket nothing can be answered wrongly.
		const persist = createPatience({ clock, logger, isOpen, close: () => socket?.close() });
		const account = await options.engine.load(createSecretStore({ db, vault, lease, persist }));
		const wasLinked = account.isLinked;
		await setState({ state: wasLinked ? 'connecting' : 'linking', ...nothingShown });
		let openedAt: number | undefined;
		const opened = account.connect({
			url: options.url,
			capture: options.createCapture({ isOpen, me: account.me, persist }),
			listeners: {
				...options.listeners,
				onFrame() {
					heardAtMs = clock.monotonicMs();
				},
				onQr: (qr) => report(setState(linking.show(qr))),
				onOpen(person) {
					me = person;
					connected = true;
					connectionsOpened.add({});
					openedAt = clock.monotonicMs();
					report(setState({ state: 'connected', phone: phoneOf(person.jid), ...nothingShown }));
				},
			},
			groupMemory: options.groupMemory,
			findSent: options.outbox.findContent,
			pingEveryMs: options.pingEveryMs,
			logger,
		});
		const { requestCode } = opened;
		const linking = createLinking({ userId, link, vault, clock, requestCode });
		socket = opened;
		if (stopping.signal.aborted) opened.close();
		const ending = await opened.closed;
		connected = false;
		await account.saved();
		return { ...ending, wasLinked, openMs: openedAt === undefined ? 0 : clock.monotonicMs() - openedAt };
	}

	async function live(): Promise<void> {
		const waitMs = (options.notBefore?.getTime() ?? 0) - clock.now();
		if (waitMs > 0) await sleep(clock, waitMs, stopping.signal).catch(() => {});
		for (let failures = 0; !stopping.signal.aborted; ) {
			const { wasLinked, openMs, ...ending } = await connectOnce();
			if (stopping.signal.aborted) return;
			if (openMs > goodAfterMs) failures = 0;
			const next = afterEnding(ending, { wasLinked, method: link.method, failures });
			logger.info({ userId, ending, next }, 'connection ended');
			const { reason, afterMs } = next;
			connectionsEnded.add({ state: next.state, next: afterMs === null ? 'ends' : 'connects' });
			if (afterMs === null || isUnlinking) return end(next);
			const retryAt = reason === null ? null : new Date(clock.now() + afterMs);
			await setState({ state: next.state, reason, retry_at: retryAt, ...nothingShown });
			if (!ending.isNewLogin) failures++;
			await sleep(clock, afterMs, stopping.signal).catch(() => {});
		}
	}

	async function end(next: Next): Promise<void> {
		const ending = isUnlinking
			? ({ state: 'unlinked', reason: 'unlinked_here' } as const)
			: { state: next.state, reason: next.reason };
		await lastWrite;
		await forgetDevice(db, lease, ending);
		announcer.note(ending);
		options.onChanged();
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
				await live();
				break;
			} catch (err) {
				socket?.close();
				if (err instanceof LeaseLost) break;
				logger.error({ err, userId }, 'a session failed and starts again');
				await sleep(clock, 1_000, stopping.signal).catch(() => {});
			}
		}
		await announcer.close(stopping.signal.aborted);
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
		async renewGroupKey(jid) {
			if (socket === undefined || !socket.isOpen()) throw deviceOffline();
			await socket.renewGroupKey(jid);
		},
		condition: () => ({ state, silentMs: clock.monotonicMs() - heardAtMs }),
		async stop() {
			stopping.abort();
			socket?.close();
			await ended;
		},
		async logout() {
			isUnlinking = true;
			await socket?.logout();
		},
	};
}

function deviceOffline(): AppError {
	return new AppError(
		'device_offline',
		'Your WhatsApp device is not connected at the moment. Try again in a moment; if it stays away, open the dashboard to see its state.',
		{ retryAfterMs: 5_000 },
	);
}
