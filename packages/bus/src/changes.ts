import { Change, changeSubject } from '@chat-manager/contracts';
import type { Bus } from './connection.ts';

/**
 * Says that something of a user's has changed and can be read now: heard by whoever shows it to them at this moment, by
 * nobody otherwise, never repeated. It is said after what it is about was written.
 */
export function tellChange(bus: Bus, userId: string, change: Change): void {
	try {
		bus.nats.publish(changeSubject(userId, change.topic), JSON.stringify(change));
	} catch (error) {
		// A connection that is being closed takes nothing any more, and says so only here.
		bus.log.debug({ error, topic: change.topic }, 'Change not told');
	}
}

/** Says the same of many users at once, each change once. */
export function tellChanges(bus: Bus, changes: Iterable<Change & { userId: string }>): void {
	const told = new Set<string>();
	for (const { userId, ...change } of changes) {
		const key = `${userId} ${change.topic} ${change.groupJid ?? ''}`;
		if (!told.has(key)) tellChange(bus, userId, change);
		told.add(key);
	}
}

export function onChanges(bus: Bus, userId: string, listener: (change: Change) => void): Disposable {
	const subscription = bus.nats.subscribe(changeSubject(userId), {
		callback: (error, message) => {
			if (error !== null) return bus.log.warn({ error }, 'Change lost');
			const change = Change.safeParse(message.json());
			if (change.success) listener(change.data);
			else bus.log.warn({ error: change.error }, 'Change not understood');
		},
	});
	return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
