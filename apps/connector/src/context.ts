import type { Vault } from '@chat-manager/backend';
import type { BusEvent, Client } from '@chat-manager/bus';
import type { EventType } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Tables } from './database/tables.ts';
import type { Session } from './devices/session.ts';
import type { GroupDesk } from './groups/group-desk.ts';
import type { Outbox } from './outbox/outbox.ts';

/** What the operations that any connector answers may touch. */
export type FleetContext = {
	readonly db: Kysely<Tables>;
	readonly vault: Vault;
	readonly clock: Clock;
	readonly networks: Networks;
	readonly holder: Client<'connector'>;
	readonly logger: Logger;
	readonly publish: Publish;
	readonly fleet: {
		/** Whether a connector was heard of lately: what a dead one last wrote about a device is no longer true. */
		isAlive(connectorId: string): boolean;
		/** Tells all connectors that a user's device is to be placed, or no longer wanted. */
		announceDevice(userId: string): void;
	};
};

/** What the operations of the one connector that holds a user's socket may touch. */
export type SessionContext = {
	readonly session: Session;
	readonly groups: GroupDesk;
	readonly outbox: Outbox;
	readonly clock: Clock;
	readonly publish: Publish;
	readonly storage: Client<'storage'>;
	readonly logger: Logger;
};

export type Publish = <T extends EventType>(event: BusEvent<T>) => Promise<void>;

/** Network name → URL of its WebSocket. A network without a URL is not offered here. */
export type Networks = { whatsapp: string; simulated: string | undefined };
