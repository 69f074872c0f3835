import { createHash } from 'node:crypto';
import { type Bus, publishEvent, type ReceivedEvent } from '@chat-manager/bus';
import type { keepers } from '@chat-manager/contracts';
import { eraseRemainders, eraseUser, findErased, type Keyring } from '@chat-manager/database';
import type { Clock } from '@chat-manager/service';
import type { Kysely } from 'kysely';

/** What a service does when people delete their accounts. */
export type Erasure = {
	/**
	 * Of a batch of events: destroys what is kept of those who deleted their accounts, and says so; gives the events of
	 * everybody else. Late events of somebody who is gone are left out.
	 */
	apply(events: readonly ReceivedEvent[]): Promise<ReceivedEvent[]>;
	/** Destroys what was written at the last moment by work that was under way, and forgets accounts that are long gone. */
	sweep(): Promise<void>;
};

/** Longer than the stream keeps events, however it is set. */
const rememberMs = 168 * 3_600_000;

export function createErasure<Tables>(options: {
	service: (typeof keepers)[number];
	db: Kysely<Tables>;
	bus: Bus;
	keyring: Keyring;
	clock: Clock;
	/** What comes first: nothing may go on in the user's name. */
	quiet?: (userId: string) => Promise<void>;
}): Erasure {
	const { service, db, bus, keyring, clock, quiet } = options;

	async function erase(userId: string): Promise<void> {
		const at = new Date(clock.now());
		await quiet?.(userId);
		await eraseUser(db, { userId, at });
		keyring.forget(userId);
		await publishEvent(bus, {
			id: createHash('sha256').update(`account.erased ${service} ${userId}`).digest('base64url'),
			type: 'account.erased',
			at: at.toISOString(),
			userId,
			data: { service },
		});
	}

	return {
		async apply(events) {
			for (const { type, userId } of events) if (type === 'account.deleted') await erase(userId);
			const erased = await findErased(db, [...new Set(events.map(({ userId }) => userId))]);
			if (erased.size === 0) return [...events];
			return events.filter(({ userId }) => !erased.has(userId));
		},
		sweep: () => eraseRemainders(db, new Date(clock.now() - rememberMs)),
	};
}
