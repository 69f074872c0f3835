/**
 * The users of all connectors, seen from this one.
 *
 * At every beat, and whenever something is heard, it looks for devices that are wanted and that no living connector
 * holds, and takes those that rendezvous hashing gives to it, by counting up the epoch in Postgres: of two that try, one
 * wins. Connectors that are full or about to stop are given none. The leases of a connector that is not heard are left
 * alone until this one can tell (`isSettled`).
 *
 * When a connector has joined, the others move its share to it, `movesAtOnce` at a time. One that is asked to stop says so
 * first, then hands its users over, a few at a time.
 *
 * When its own heartbeat cannot be stored for too long it stops all sessions before the others may take them (fencing); what
 * it still writes is refused by the epoch.
 */
import { type Bus, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import { type Clock, type Logger, sleep, type Timer } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import PQueue from 'p-queue';
import { z } from 'zod';
import { findDevice, findLost, listUnheld, type Unheld } from '../database/devices.ts';
import { type Lease, listLeases, releaseLease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import type { Session } from '../devices/session.ts';
import { createHeldUsers, type Holding } from './held-users.ts';
import { beatMs, watchLiveness } from './liveness.ts';
import { placeUser } from './rendezvous.ts';

/** How many users are moved at a time to a connector that joined, and how many when this one stops. */
const movesAtOnce = 4;
const drainAtOnce = 12;
/** How long a move takes at least, so that a connector that joined is not flooded. */
const moveMs = 250;
/** A connector with less room is filled by those who have nobody, not by moves. */
const roomForMoves = 16;

const userSignal = (name: string): Signal<z.ZodObject<{ userId: z.ZodString }>> => ({
	service: 'connectors',
	name,
	data: z.object({ userId: z.string() }),
});
const deviceChanged = userSignal('device-changed');
const deviceOpened = userSignal('device-opened');

export type Fleet = {
	/** Tells all connectors, this one too, to look at a user's device again. */
	announceDevice(userId: string): void;
	session(userId: string): Session | undefined;
	isAlive(connectorId: string): boolean;
	/** How it stands with this connector and its users, for its health and its metrics. */
	condition(): FleetCondition;
	/** Hands every user over, and leaves. */
	[Symbol.asyncDispose](): Promise<void>;
};

export type FleetCondition = {
	isFenced: boolean;
	sessions: ReturnType<Session['condition']>[];
	/** How many more users there is room for, and how many wait for some. */
	room: number;
	waiting: number;
};

export type FleetOptions = {
	bus: Bus;
	db: Kysely<Tables>;
	clock: Clock;
	logger: Logger;
	id: string;
	boot: string;
	/** How many users this connector holds at most. */
	maxUsers: number;
	/** How long it may take to hand the users over when this connector stops; whoever is left then is let go at once. */
	drainMs: number;
	/** Opens the user's session and answers for it; called with the lease in hand. `mayAct` is asked before every effect. */
	hold(lease: Lease, network: string, mayAct: () => boolean): Promise<Holding>;
	/** Another process runs under this name: this one has to end. */
	onTwin: () => void;
};

export async function joinFleet(options: FleetOptions): Promise<Fleet> {
	const { bus, db, clock, logger, id, boot, maxUsers } = options;
	let isJoined = false;
	let closing = false;
	let sweeping: Timer | undefined;
	let turn = 0;
	let waiting = 0;
	const held = createHeldUsers({
		db,
		clock,
		logger,
		id,
		hold: (lease, network) => options.hold(lease, network, () => !liveness.isFenced()),
		onGone: (userId) => sendSignal(bus, deviceChanged, { userId }),
		onOpened: (userId) => sendSignal(bus, deviceOpened, { userId }),
	});
	const moves = new PQueue({ concurrency: movesAtOnce });
	const place = oneAtATime(placeAll, (err) =>
		logger.warn({ err }, 'devices could not be placed; trying again'),
	);
	const room = () => Math.max(0, maxUsers - held.userIds().length);

	async function placeAll(): Promise<void> {
		if (closing || liveness.isFenced()) return;
		const devices = await listUnheld(db, liveness.alive());
		const chosen = devices.filter(isOurs);
		const taken = chosen.slice(0, room());
		for (const device of taken) void held.take(device).then(reportRoom);
		sayWaiting(chosen.length - taken.length);
		reportRoom();
	}

	function isOurs({ userId, owner }: Unheld): boolean {
		// The owner may be alive and only not heard yet.
		if (owner !== null && !liveness.isSettled()) return false;
		const peers = liveness.peers().filter((peer) => peer.room > 0);
		return placeUser(userId, [id, ...peers.map((peer) => peer.id)]) === id;
	}

	/** Nobody else is to send users here while there is no room, and again when there is. */
	function reportRoom(): void {
		const now = room();
		const isNews = now > 0 !== reportedRoom > 0;
		reportedRoom = now;
		if (isNews) report(liveness.announce({ room: now }), 'the room that is left was not told');
	}
	let reportedRoom = maxUsers;

	function sayWaiting(count: number): void {
		if (count > 0 && waiting === 0) {
			logger.error({ users: count, maxUsers }, 'users wait: start another connector, or raise CM_MAX_USERS');
		}
		waiting = count;
	}

	/** Moves to steady connectors what rendezvous hashing gives to them. Who is not online stays until it is. */
	function rebalance(): void {
		if (closing || !liveness.isSettled()) return;
		const targets = liveness.peers().filter((peer) => peer.isSteady && peer.room > roomForMoves);
		if (targets.length === 0) return;
		const ids = [id, ...targets.map((peer) => peer.id)];
		const movable = held.all().filter((user) => !user.isLeaving && isOnline(user.session));
		const moving = movable.filter(({ lease }) => placeUser(lease.userId, ids) !== id);
		for (const user of moving.slice(0, movesAtOnce - moves.pending)) {
			logger.info({ userId: user.lease.userId }, 'a user moves to another connector');
			const move = moves.add(() => Promise.all([held.handOver(user), sleep(clock, moveMs)]));
			report(move.finally(rebalance), 'a user was not moved');
		}
	}

	/** A device that was unlinked or linked anew is no longer ours, whatever we hold. */
	async function recheck(userId: string): Promise<void> {
		const user = held.get(userId);
		if (user !== undefined) {
			const device = await findDevice(db, userId);
			const isOurs = device?.wanted && Number(device.epoch) === user.lease.epoch;
			if (!isOurs) await user.session.stop();
		}
		place();
	}

	/** Gives back leases that an earlier process of this name left, or that could not be given back before. */
	async function releaseStray(): Promise<void> {
		const leases = await listLeases(db, id);
		const known = new Set(held.userIds());
		for (const lease of leases) if (!known.has(lease.userId)) await releaseLease(db, lease);
	}

	/** Looks at all that are held, in case a signal was lost. */
	async function recheckAll(): Promise<void> {
		await releaseStray();
		const lost = await findLost(
			db,
			held.all().map(({ lease }) => lease),
		);
		for (const userId of lost) await recheck(userId);
	}

	function sweep(): void {
		sweeping = clock.setTimeout(sweep, beatMs);
		if (liveness.isFenced()) return;
		place();
		rebalance();
		if (turn++ % 5 === 0) report(recheckAll(), 'the leases could not be looked at');
	}

	function report(work: Promise<unknown>, failure: string): void {
		work.catch((err: unknown) => logger.warn({ err }, failure));
	}

	async function drain(): Promise<void> {
		const peers = liveness.peers();
		await liveness.announce({ draining: true }).catch((err: unknown) => {
			logger.warn({ err }, 'the others were not told of the stop');
		});
		if (peers.length === 0 || liveness.isFenced()) return;
		logger.info({ users: held.all().length }, 'handing the users over');
		const leaving = new PQueue({ concurrency: drainAtOnce });
		const handOvers = held.all().map((user) => leaving.add(() => held.handOver(user)));
		await Promise.race([Promise.allSettled(handOvers), sleep(clock, options.drainMs)]);
		leaving.clear();
	}

	const liveness = await watchLiveness({
		bus,
		clock,
		logger,
		id,
		boot,
		room: maxUsers,
		onChange: () => void (isJoined && place()),
		onFenced() {
			logger.error({ users: held.all().length }, 'the heartbeat cannot be stored: closing all sockets');
			report(held.stopAll(), 'the sockets were not closed in order');
		},
		onTwin: options.onTwin,
	});
	await using listening = new AsyncDisposableStack();
	listening.use(
		onSignal(bus, deviceChanged, ({ userId }) => report(recheck(userId), 'a device was not looked at')),
	);
	listening.use(onSignal(bus, deviceOpened, ({ userId }) => held.noteArrival(userId)));
	await releaseStray().catch((err: unknown) => {
		logger.warn({ err }, 'leases of an earlier process were not given back yet');
	});
	isJoined = true;
	sweep();

	const stack = listening.move();
	return {
		announceDevice: (userId) => sendSignal(bus, deviceChanged, { userId }),
		session: (userId) => held.get(userId)?.session,
		isAlive: (connectorId) => liveness.alive().includes(connectorId),
		condition: () => ({
			isFenced: liveness.isFenced(),
			sessions: held.all().map(({ session }) => session.condition()),
			room: room(),
			waiting,
		}),
		async [Symbol.asyncDispose]() {
			closing = true;
			clock.clearTimeout(sweeping);
			await drain();
			await held.stopAll();
			await stack.disposeAsync();
			await liveness[Symbol.asyncDispose]();
		},
	};
}

function isOnline(session: Session): boolean {
	try {
		session.whatsapp();
		return true;
	} catch {
		return false;
	}
}

/** Runs a task once at a time; whoever asks meanwhile gets one more after it. */
function oneAtATime(task: () => Promise<void>, onError: (error: unknown) => void): () => void {
	let isRunning = false;
	let again = false;
	async function run(): Promise<void> {
		isRunning = true;
		do {
			again = false;
			await task().catch(onError);
		} while (again);
		isRunning = false;
	}
	return () => {
		if (isRunning) again = true;
		else void run();
	};
}
