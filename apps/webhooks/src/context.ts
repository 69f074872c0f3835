import type { EventKeys, Vault } from '@chat-manager/backend';
import type { BusEvent } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import type { Db } from './database/tables.ts';
import type { Destinations } from './delivery/destinations.ts';

/** What handlers, consumers and the dispatcher may touch. */
export type WebhooksContext = {
	readonly db: Db;
	readonly clock: Clock;
	readonly logger: Logger;
	/** Secrets, bodies and answers, encrypted at rest. */
	readonly vault: Vault;
	/** Keys of the text that travels in events. */
	readonly eventKeys: EventKeys;
	/** Where events may be posted to. */
	readonly destinations: Destinations;
	/** Resolves when the event is stored. */
	readonly publish: (event: BusEvent) => Promise<void>;
	/** Tells the dispatcher of this process that something is due for these endpoints; others find it at their next look. */
	readonly wake: (endpointIds: readonly string[]) => void;
};
