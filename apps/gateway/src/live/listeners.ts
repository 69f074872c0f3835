import { type Bus, onChanges, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import { type Change, UserId } from '@chat-manager/contracts';
import { z } from 'zod';

/** From the replica at which somebody signed out, or ended other sessions, to all. */
const sessionsChanged = {
	service: 'gateway',
	name: 'sessions-changed',
	data: z.object({ userId: UserId }),
} satisfies Signal<z.ZodType>;

export type Listener = {
	readonly userId: string;
	hear(change: Change): void;
	/** Changes may have been missed. */
	hearGap(): void;
	/** A session of this user may have ended. */
	recheck(): void;
};

/**
 * Who shows what to whom at this moment, in this replica. The hints of a user are listened to on the bus while at least one
 * of them is there, once for all of them.
 */
export type Listeners = {
	/** Throws `unavailable` by the caller's bus when there is none; from the return on nothing is missed. */
	add(bus: Bus, listener: Listener): Promise<Disposable>;
	/** How many listen for this user here. */
	count(userId: string): number;
	/** A session of this user may have ended: each replica looks whether its listeners still have one. */
	announceSessions(userId: string): void;
	/** Speaks and listens on a bus from now on. */
	join(bus: Bus): void;
	/** The bus was away. */
	sayGap(): void;
};

export function createListeners(): Listeners {
	const byUser = new Map<string, { listeners: Set<Listener>; subscription: Disposable }>();
	let joined: Bus | undefined;

	function each(userId: string, act: (listener: Listener) => void): void {
		for (const listener of byUser.get(userId)?.listeners ?? []) act(listener);
	}

	function subscribe(bus: Bus, userId: string): Disposable {
		return onChanges(bus, userId, (change) => each(userId, (listener) => listener.hear(change)));
	}

	function remove(listener: Listener): void {
		const entry = byUser.get(listener.userId);
		entry?.listeners.delete(listener);
		if (entry === undefined || entry.listeners.size > 0) return;
		entry.subscription[Symbol.dispose]();
		byUser.delete(listener.userId);
	}

	return {
		async add(bus, listener) {
			const { userId } = listener;
			const entry = byUser.get(userId) ?? { listeners: new Set(), subscription: subscribe(bus, userId) };
			byUser.set(userId, entry);
			entry.listeners.add(listener);
			const removal = { [Symbol.dispose]: () => remove(listener) };
			try {
				await bus.nats.flush();
			} catch (error) {
				remove(listener);
				throw error;
			}
			return removal;
		},
		count: (userId) => byUser.get(userId)?.listeners.size ?? 0,
		announceSessions(userId) {
			each(userId, (listener) => listener.recheck());
			if (joined?.isConnected() === true) sendSignal(joined, sessionsChanged, { userId });
		},
		join(bus) {
			joined = bus;
			onSignal(bus, sessionsChanged, ({ userId }) => each(userId, (listener) => listener.recheck()));
			for (const [userId, entry] of byUser) entry.subscription = subscribe(bus, userId);
			this.sayGap();
		},
		sayGap() {
			for (const userId of byUser.keys()) each(userId, (listener) => listener.hearGap());
		},
	};
}
