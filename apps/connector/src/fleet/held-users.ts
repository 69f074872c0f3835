/**
 * The users that this connector holds, each from the lease to its return:
 *
 *   taking    the lease is being taken, the session opened; a few at a time, so that many do not stand in each other's way
 *   held      its operations are answered here
 *   leaving   it is handed over: no new operations, those that run may finish, then the socket is closed and the lease
 *             given back. The next ones wait until somebody else has it online, or has had the time for it
 *   gone      the session has ended, for whatever reason; the lease was given back, or is lost
 */
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import PQueue from 'p-queue';
import type { Unheld } from '../database/devices.ts';
import { type Lease, releaseLease, takeLease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import type { Session } from '../devices/session.ts';

/** How many sessions log in at the same time. */
const openingAtOnce = 16;
/** One that hangs at its login must not hold up the others. */
const openingPatienceMs = 5_000;
/** How long what runs for a user may go on when it is handed over. */
const graceMs = 1_000;
/** How long the next hand-over waits for this one to be online elsewhere. */
const arrivalPatienceMs = 2_000;

/** What is made for a user when its lease is in hand. */
export type Holding = {
	session: Session;
	/** Resolves when the login is over, one way or the other. */
	opened: Promise<void>;
	stopServing: () => Promise<void>;
};

export type Held = Holding & { lease: Lease; isLeaving: boolean; gone: Promise<void> };

export type HeldUsers = {
	get(userId: string): Held | undefined;
	all(): Held[];
	/** Of those that are held or being taken. */
	userIds(): string[];
	/** Takes the user if nobody else was faster; resolves when it is held and its login is over. */
	take(device: Unheld): Promise<void>;
	/** Gives a user away in order; resolves when it is online elsewhere, or was not for a while. */
	handOver(held: Held): Promise<void>;
	/** Another connector has this user online. */
	noteArrival(userId: string): void;
	/** Closes all sockets at once; resolves when every lease is given back, or cannot be. */
	stopAll(): Promise<void>;
};

export function createHeldUsers(options: {
	db: Kysely<Tables>;
	clock: Clock;
	logger: Logger;
	id: string;
	hold(lease: Lease, network: string): Promise<Holding>;
	/** Tells the other connectors that a lease was given back. */
	onGone(userId: string): void;
	/** Tells them that a user is online here. */
	onOpened(userId: string): void;
}): HeldUsers {
	const { db, clock, logger, id, hold } = options;
	const users = new Map<string, Held>();
	const taking = new Set<string>();
	const opening = new PQueue({ concurrency: openingAtOnce });
	const arrivals = new Map<string, () => void>();

	async function begin({ userId, epoch, network }: Unheld): Promise<void> {
		const lease = await takeLease(db, { userId, owner: id, seenEpoch: epoch });
		if (lease === undefined) return;
		logger.info({ userId, epoch: lease.epoch }, 'lease taken');
		let holding: Holding;
		try {
			holding = await hold(lease, network);
		} catch (err) {
			logger.error({ err, userId }, 'a device could not be held');
			return releaseLease(db, lease);
		}
		const held: Held = { ...holding, lease, isLeaving: false, gone: Promise.resolve() };
		held.gone = holding.session.ended.then(() => letGo(held));
		users.set(userId, held);
		taking.delete(userId);
		await Promise.race([holding.opened, held.gone, sleep(clock, openingPatienceMs)]);
		if (users.get(userId) === held) options.onOpened(userId);
	}

	async function letGo(held: Held): Promise<void> {
		const { userId } = held.lease;
		if (users.get(userId) === held) users.delete(userId);
		await held.stopServing();
		await releaseLease(db, held.lease).catch((err: unknown) =>
			logger.warn({ err, userId }, 'lease not given back'),
		);
		options.onGone(userId);
	}

	return {
		get: (userId) => users.get(userId),
		all: () => [...users.values()],
		userIds: () => [...users.keys(), ...taking],
		async take(device) {
			const { userId } = device;
			if (users.has(userId) || taking.has(userId)) return;
			taking.add(userId);
			try {
				await opening.add(() => begin(device));
			} catch (err) {
				logger.warn({ err, userId }, 'a device could not be taken; trying again');
			} finally {
				taking.delete(userId);
			}
		},
		async handOver(held) {
			const { userId } = held.lease;
			held.isLeaving = true;
			const arrived = new Promise<void>((resolve) => arrivals.set(userId, resolve));
			await Promise.race([held.stopServing(), sleep(clock, graceMs)]);
			await held.session.stop();
			await held.gone;
			await Promise.race([arrived, sleep(clock, arrivalPatienceMs)]);
			arrivals.delete(userId);
		},
		noteArrival: (userId) => arrivals.get(userId)?.(),
		async stopAll() {
			const all = [...users.values()];
			await Promise.all(all.map(({ session }) => session.stop()));
			await Promise.all(all.map(({ gone }) => gone));
		},
	};
}
