/**
 * The users that this connector holds.
 *
 * At every beat, and whenever something is heard, it looks for devices that are wanted and that no living connector
 * holds, and takes those that rendezvous hashing gives to it, by counting up the epoch in Postgres: of two that try, one
 * wins. The leases of a connector that was not seen yet are left alone until the fleet has settled. When its own
 * heartbeat cannot be stored for too long it stops all sessions before the others may take them (fencing); what it still
 * writes is refused by the epoch.
 */
import { type Bus, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { findDevice, listUnheld } from '../database/devices.ts';
import { type Lease, releaseLease, takeLease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import type { Session } from '../devices/session.ts';
import { beatMs, watchLiveness } from './liveness.ts';
import { placeUser } from './rendezvous.ts';

const deviceChanged: Signal<z.ZodObject<{ userId: z.ZodString }>> = {
	service: 'connectors',
	name: 'device-changed',
	data: z.object({ userId: z.string() }),
};

export type Fleet = {
	/** Tells all connectors, this one too, to look at a user's device again. */
	announceDevice(userId: string): void;
	session(userId: string): Session | undefined;
	isAlive(connectorId: string): boolean;
	[Symbol.asyncDispose](): Promise<void>;
};

type Held = { lease: Lease; session: Session; stopServing: () => Promise<void> };

export async function joinFleet(options: {
	bus: Bus;
	db: Kysely<Tables>;
	clock: Clock;
	logger: Logger;
	id: string;
	boot: string;
	/** Opens the user's session and answers for it; called with the lease in hand. */
	hold(lease: Lease, network: string): Promise<Omit<Held, 'lease'>>;
}): Promise<Fleet> {
	const { bus, db, clock, logger, id, boot, hold } = options;
	const held = new Map<string, Held>();
	let placing: Promise<void> | undefined;
	let again = false;
	let closing = false;

	/** One placement at a time; whoever asks meanwhile gets one more after it. */
	function place(): void {
		if (placing !== undefined) {
			again = true;
			return;
		}
		placing = placeAll()
			.catch((err: unknown) => logger.warn({ err }, 'devices could not be placed; trying again'))
			.finally(() => {
				placing = undefined;
				if (again) {
					again = false;
					place();
				}
			});
	}

	async function placeAll(): Promise<void> {
		if (closing || liveness.isFenced()) return;
		const alive = liveness.alive();
		const placeable = liveness.placeable();
		for (const device of await listUnheld(
			db,
			alive.filter((other) => other !== id),
		)) {
			const { user_id: userId, owner, epoch, network } = device;
			if (closing || held.has(userId) || placeUser(userId, placeable) !== id) continue;
			if (owner !== null && owner !== id && !liveness.isSettled()) continue;
			const lease = await takeLease(db, { userId, owner: id, seenEpoch: Number(epoch) });
			if (lease === undefined) continue;
			logger.info({ userId, epoch: lease.epoch }, 'lease taken');
			await begin(lease, network);
		}
	}

	async function begin(lease: Lease, network: string): Promise<void> {
		try {
			const entry = { lease, ...(await hold(lease, network)) };
			held.set(lease.userId, entry);
			void entry.session.ended.then(() => letGo(entry));
		} catch (err) {
			logger.error({ err, userId: lease.userId }, 'a device could not be held');
			await releaseLease(db, lease);
		}
	}

	async function letGo(entry: Held): Promise<void> {
		const { userId } = entry.lease;
		if (held.get(userId) === entry) held.delete(userId);
		await entry.stopServing();
		await releaseLease(db, entry.lease).catch((err: unknown) =>
			logger.warn({ err, userId }, 'lease not given back'),
		);
		sendSignal(bus, deviceChanged, { userId });
	}

	/** A device that was unlinked or linked anew is no longer ours, whatever we hold. */
	async function recheck(userId: string): Promise<void> {
		const entry = held.get(userId);
		if (entry !== undefined) {
			const device = await findDevice(db, userId);
			const isOurs = device?.wanted && Number(device.epoch) === entry.lease.epoch;
			if (!isOurs) await entry.session.stop();
		}
		place();
	}

	async function stopAll(): Promise<void> {
		await Promise.all([...held.values()].map(({ session }) => session.stop()));
	}

	const liveness = await watchLiveness({ bus, clock, logger, id, boot, onChange: () => place() });
	const listening = onSignal(bus, deviceChanged, ({ userId }) => {
		recheck(userId).catch((err: unknown) => logger.warn({ err, userId }, 'a device could not be looked at'));
	});
	const timer = setInterval(() => {
		if (!liveness.isFenced()) return place();
		if (held.size > 0)
			logger.error({ users: held.size }, 'the heartbeat cannot be stored: closing all sockets');
		void stopAll();
	}, beatMs);
	place();

	return {
		announceDevice: (userId) => sendSignal(bus, deviceChanged, { userId }),
		session: (userId) => held.get(userId)?.session,
		isAlive: (connectorId) => liveness.alive().includes(connectorId),
		async [Symbol.asyncDispose]() {
			closing = true;
			clearInterval(timer);
			listening[Symbol.dispose]();
			await liveness
				.drain()
				.catch((err: unknown) => logger.warn({ err }, 'the others were not told of the stop'));
			await placing;
			const entries = [...held.values()];
			await stopAll();
			await Promise.all(entries.map(letGo));
			await liveness[Symbol.asyncDispose]();
		},
	};
}
