import type { EventKeys } from '@chat-manager/backend';
import type { Bus } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import type { Db } from './database/tables.ts';
import type { Contents } from './sealing/contents.ts';
import type { Cursors } from './sealing/cursors.ts';
import type { Digests } from './search/digests.ts';

/** What handlers, consumers and the sweep may touch. */
export type StorageContext = {
	readonly db: Db;
	readonly bus: Bus;
	readonly clock: Clock;
	readonly logger: Logger;
	/** What messages say, encrypted at rest. */
	readonly contents: Contents;
	/** Words and choices as the database may see them. */
	readonly digests: Digests;
	/** Opaque places in lists. */
	readonly cursors: Cursors;
	/** Keys of the text that travels in events. */
	readonly eventKeys: EventKeys;
};
