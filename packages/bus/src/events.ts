import {
	type EventData,
	EventEnvelope,
	EventHead,
	type EventType,
	eventFilters,
	eventSpec,
	eventSubject,
	eventTypes,
	userEventsFilter,
} from '@chat-manager/contracts';
import { ErrorCode, NatsError, RetentionPolicy, StorageType } from 'nats';
import type { Bus } from './connection.ts';
import { tracedHeaders } from './headers.ts';
import { assertReplicas } from './replicas.ts';
import { inSpan } from './spans.ts';

export const eventStream = 'EVENTS';

/** An event of a known type, ready to publish or as received. */
export type BusEvent<T extends EventType = EventType> = T extends EventType
	? EventHead & { type: T; data: EventData<T> }
	: never;

const hours = 3_600_000_000_000; // JetStream counts in nanoseconds.
export const eventStreamConfig = ({ replicas, eventHours }: Bus) => ({
	name: eventStream,
	subjects: eventFilters(),
	retention: RetentionPolicy.Limits,
	storage: StorageType.File,
	max_age: eventHours * hours,
	duplicate_window: hours / 30,
	num_replicas: replicas,
});

/** Creates the stream of events if it is not there yet. Safe to call from every process at once. */
export async function ensureEventStream(bus: Bus): Promise<void> {
	assertReplicas(bus);
	const { streams } = await bus.jetStream.jetstreamManager();
	try {
		await streams.info(eventStream);
	} catch {
		await streams.add(eventStreamConfig(bus));
	}
}

/** Brings the stream up to what this version wants of it. For the one service that may change it (`ownsEventStream`). */
export async function updateEventStream(bus: Bus): Promise<void> {
	await ensureEventStream(bus);
	await (await bus.jetStream.jetstreamManager()).streams.update(eventStream, eventStreamConfig(bus));
}

/**
 * Publishes an event and resolves when NATS has stored it. The event's id is the message id: a repeat within two minutes
 * is not stored again; after that it is up to the consumers, which keep unique keys.
 */
export async function publishEvent<T extends EventType>(bus: Bus, event: BusEvent<T>): Promise<void> {
	const envelope = EventEnvelope.parse(event);
	const data = eventSpec(event.type).data.parse(event.data);
	const publish = () =>
		bus.jetStream.publish(eventSubject(event.userId, event.type), JSON.stringify({ ...envelope, data }), {
			msgID: event.id,
			headers: tracedHeaders(),
		});
	const startedAt = performance.now();
	let outcome: 'stored' | 'failed' = 'failed';
	try {
		await inSpan(`publish ${event.type}`, { kind: 'PRODUCER' }, () => makingStream(bus, publish));
		outcome = 'stored';
	} finally {
		bus.watch.eventPublished(event.type, outcome, performance.now() - startedAt);
	}
}

async function makingStream(bus: Bus, publish: () => Promise<unknown>): Promise<void> {
	try {
		await publish();
	} catch (error) {
		if (!(error instanceof NatsError) || error.code !== ErrorCode.NoResponders) throw error;
		await ensureEventStream(bus); // Nobody takes events: the store of NATS was wiped.
		await publish();
	}
}

/** Takes every event of a user off the stream, for good: nothing is kept there of an account that is gone. */
export async function purgeEvents(bus: Bus, userId: string): Promise<void> {
	const manager = await bus.jetStream.jetstreamManager();
	await manager.streams.purge(eventStream, { filter: userEventsFilter(userId) });
}

/** Reads an event from the bytes of a message; throws a ZodError or SyntaxError on anything else. */
export function parseEvent(bytes: Uint8Array): BusEvent {
	const envelope = EventEnvelope.parse(JSON.parse(new TextDecoder().decode(bytes)));
	// The type and its data were parsed by the same entry, which the compiler cannot see across the union.
	return { ...envelope, data: eventSpec(envelope.type).data.parse(envelope.data) } as BusEvent;
}

/** Whether bytes look like an event whose type this version does not know: a newer one will. */
export function isOfNewerVersion(bytes: Uint8Array): boolean {
	try {
		const { type } = EventHead.parse(JSON.parse(new TextDecoder().decode(bytes)));
		return !eventTypes.some((known) => known === type);
	} catch {
		return false;
	}
}
