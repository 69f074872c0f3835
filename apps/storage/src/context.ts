import type { EventKeys } from '@chat-manager/backend';
import type { Bus } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import type { Db } from './database/tables.ts';
import type { Contents } from './sealing/contents.ts';
import type { Cursors } from './sealing/cursors.ts';
import type { Digests } from './search/digests.ts';

/** How long things are kept. */
export type Keeping = {
	/** The stored messages of a group after it was unstarred; longer than the stream keeps events, however that is set. */
	readonly unstarredMs: number;
	/** Stored messages at all; undefined: for ever. */
	readonly messagesMs: number | undefined;
};

/** What handlers, consumers and the sweep may touch. */
export type StorageContext = {
	readonly db: Db;
	readonly bus: Bus;
	readonly clock: Clock;
	readonly logger: Logger;
	/** What messages say, encrypted at rest; with the keys of the text that travels in events. */
	readonly contents: Contents & { readonly eventKeys: EventKeys };
	/** Words and choices as the database may see them. */
	readonly digests: Digests;
	/** Opaque places in lists. */
	readonly cursors: Cursors;
	readonly keeping: Keeping;
};
