import type { Generated, GeneratedAlways, Kysely } from 'kysely';

export type Db = Kysely<Tables>;

/** The ledger: what a user registered, what happened, to whom it is to be told, and what was tried. */
export type Tables = {
	endpoints: EndpointTable;
	events: EventTable;
	deliveries: DeliveryTable;
	attempts: AttemptTable;
};

type EndpointTable = {
	id: string;
	user_id: string;
	url: string;
	name: string;
	events: string[];
	/** Null: events of all groups, and those of no group. */
	groups: string[] | null;
	/** The sealed `whsec_…` text. */
	secret: Buffer;
	created_at: Date;
	/** When a delivery was last accepted. */
	last_delivery_at: Date | null;
	/** Since when nothing is posted there any more, and why. */
	disabled_at: Date | null;
	disabled_reason: DisabledReason | null;
	/** When its owner was told that it is disabled. */
	owner_told_at: Date | null;
	/** Since when its owner wants nothing posted; what is due waits. */
	paused_at: Date | null;
	/** Since when every attempt failed. */
	failing_since: Date | null;
	/** It said that it is overloaded: nothing is posted before this moment. */
	throttled_until: Date | null;
	/** How often it said so without accepting anything in between. */
	throttles: Generated<number>;
	/** The secret before the last rotation, sealed, and until when it signs too. */
	old_secret: Buffer | null;
	old_secret_until: Date | null;
};

/** `gone`: it answered 410. `failing`: nothing was accepted for days. */
export type DisabledReason = 'gone' | 'failing';

/** An event that at least one endpoint wanted. Its body is rendered once: every attempt sends the same bytes. */
type EventTable = {
	user_id: string;
	id: string;
	type: string;
	group_jid: string | null;
	at: Date;
	received_at: Date;
	/** The sealed JSON. */
	body: Buffer;
	/** Where in the trace of its event its attempts belong (W3C `traceparent`); null: nowhere. */
	trace: string | null;
};

export type DeliveryState = 'pending' | 'delivered' | 'given_up' | 'cancelled';

/** One event for one endpoint. */
type DeliveryTable = {
	id: GeneratedAlways<number>;
	user_id: string;
	event_id: string;
	endpoint_id: string;
	state: Generated<DeliveryState>;
	/** When it is to be tried next; while somebody holds its lease, when that runs out. */
	due_at: Date;
	/** Names the lease; whoever completes the delivery must still hold it. */
	lease: string | null;
	/** How many attempts were made. */
	attempts: Generated<number>;
	/** How many of them were made before it was last sent again by hand: the schedule of retries begins anew then. */
	earlier_attempts: Generated<number>;
	created_at: Date;
	finished_at: Date | null;
};

type AttemptTable = {
	id: GeneratedAlways<number>;
	user_id: string;
	delivery_id: number;
	/** 1 for the first. */
	number: number;
	at: Date;
	latency_ms: number;
	status: number | null;
	/** What went wrong, in our own words (see delivery/faults.ts). */
	fault: string | null;
	/** The first kilobyte of the answer, sealed. */
	answer: Buffer | null;
};
