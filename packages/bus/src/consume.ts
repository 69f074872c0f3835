import { type EventType, eventFilters, eventTypes } from '@chat-manager/contracts';
import { AckPolicy, ConsumerEvents, type ConsumerMessages, DeliverPolicy, type JsMsg } from 'nats';
import { createBatches, retryDelayMs } from './batches.ts';
import type { Bus } from './connection.ts';
import { type BusEvent, ensureEventStream, eventStream, isOfNewerVersion, parseEvent } from './events.ts';
import { whenJetStreamAnswers } from './join.ts';

/** An event with its place in the stream: of two in the same second, the one with the lower number was published first. */
export type ReceivedEvent<T extends EventType = EventType> = BusEvent<T> & {
	sequence: number;
	/** The step of its trace in which it is handled (W3C `traceparent`), to keep with what is done later; null: no trace. */
	trace: string | null;
};

/** What a service takes of the stream. The permissions of its NATS user are made of it (`BusAccess`). */
export type EventConsumer = {
	/** The durable name: replicas that share it share the work, and it remembers its place. */
	durable: string;
	types: readonly EventType[];
	/**
	 * NATS sends every event, and what is of no other type is left aside here. For who wants nearly all of them: with more than
	 * one filter an event costs NATS about ten times as much (measured with 2.14), at the most some 12,000 a second.
	 */
	takesWholeStream?: boolean;
};

export type ConsumeOptions = EventConsumer & {
	/** Handles a batch; when it resolves the batch is acknowledged, when it throws the batch is tried again. */
	handle(events: ReceivedEvent[]): Promise<void>;
	maxBatch?: number;
	/** How long the first event of a batch waits for more. */
	maxWaitMs?: number;
	batchesInFlight?: number;
	/** Whether an error means that nothing can be handled at the moment: then the batch waits where it is, in its order. */
	isOutage?(error: unknown): boolean;
};

export type Consuming = {
	stop(): Promise<void>;
	/** Events in the stream that are not handled yet, those that replicas work on included. */
	pending(): Promise<number>;
};

/**
 * Consumes events in batches, at least once, each acknowledged when it is handled. Bytes that are no event of the contract
 * can never succeed: they are logged and taken off the stream; of a kind that only a newer version knows they are left for a
 * replica of that version. A consumer that NATS no longer knows (its store was wiped) is made again.
 */
export async function consumeEvents(bus: Bus, options: ConsumeOptions): Promise<Consuming> {
	const { durable, types, takesWholeStream = false } = options;
	// What this version does not know may be wanted by a newer one.
	const unwanted: ReadonlySet<string> = new Set(eventTypes.filter((type) => !types.includes(type)));
	const batches = createBatches(bus, options);
	let stopped = false;
	let messages = await open();

	async function open(): Promise<ConsumerMessages> {
		return whenJetStreamAnswers(async () => {
			await ensureEventStream(bus);
			await ensureConsumer(bus, options);
			const consumer = await bus.jetStream.consumers.get(eventStream, durable);
			const opened = await consumer.consume({ max_messages: 1_000, expires: askEveryMs, callback: receive });
			watchOver(opened).catch((error: unknown) =>
				bus.log.error({ error, durable }, 'Events are no longer consumed'),
			);
			return opened;
		});
	}

	async function watchOver(opened: ConsumerMessages): Promise<void> {
		for await (const { type } of await opened.status()) {
			if (stopped || !lost.has(type)) continue;
			bus.log.warn({ durable, type }, 'NATS does not know the consumer any more; it is made again');
			await opened.close();
			messages = await open();
			return;
		}
	}

	function receive(message: JsMsg): void {
		if (takesWholeStream && unwanted.has(typeOf(message.subject))) {
			message.ack();
			return;
		}
		const event = readEvent(bus, message);
		if (event !== undefined) batches.add({ message, event });
	}

	return {
		async stop() {
			stopped = true;
			await messages.close();
			await batches.stop();
		},
		async pending() {
			const manager = await bus.jetStream.jetstreamManager();
			const info = await manager.consumers.info(eventStream, durable);
			return info.num_pending + info.num_ack_pending;
		},
	};
}

/**
 * How long a request for events stands until it is made again. The client also waits about so long, half more at the most, before it
 * asks again after NATS came back and its JetStream had not yet, and half as long (twice) until it misses a sign of life: of its own
 * accord it would be deaf for up to 45 s (https://github.com/nats-io/nats.js/blob/main/jetstream/src/consumer.ts).
 */
const askEveryMs = 5_000;

/** What NATS says when the stream or the durable is gone. */
const lost: ReadonlySet<unknown> = new Set([
	ConsumerEvents.ConsumerNotFound,
	ConsumerEvents.StreamNotFound,
	ConsumerEvents.ConsumerDeleted,
]);

function readEvent(bus: Bus, message: JsMsg): ReceivedEvent | undefined {
	try {
		return { ...parseEvent(message.data), sequence: message.seq, trace: null };
	} catch (error) {
		if (isOfNewerVersion(message.data)) {
			bus.log.info({ subject: message.subject }, 'An event of a newer version; left for a replica of it');
			message.nak(retryDelayMs(message.info.redeliveryCount));
			return undefined;
		}
		bus.log.error(
			{ error, subject: message.subject, seq: message.seq },
			'Not an event of the contract; dropped',
		);
		message.term('not an event of the contract');
		return undefined;
	}
}

async function ensureConsumer(bus: Bus, consumer: EventConsumer): Promise<void> {
	const { durable } = consumer;
	const manager = await bus.jetStream.jetstreamManager();
	const seconds = 1_000_000_000; // JetStream counts in nanoseconds.
	const limits = { ack_wait: 30 * seconds, max_ack_pending: 2_000 };
	try {
		const { config } = await manager.consumers.info(eventStream, durable);
		const filter = filterOf(consumer, config.filter_subjects);
		await manager.consumers.update(eventStream, durable, { ...limits, ...filter });
	} catch {
		await manager.consumers.add(eventStream, {
			durable_name: durable,
			ack_policy: AckPolicy.Explicit,
			deliver_policy: DeliverPolicy.All,
			...limits,
			...filterOf(consumer),
		});
	}
}

/**
 * A single one stands in the subject of the request too, where the permissions of a subscriber can hold it to that kind. Of
 * several, those stay that a newer version asked for and this one does not know: a replica that starts late in an update must
 * not take them away from the others.
 */
function filterOf(
	{ types, takesWholeStream = false }: EventConsumer,
	existing: readonly string[] = [],
): { filter_subject?: string; filter_subjects?: string[] } {
	// Named empty: an update keeps what it does not name.
	if (takesWholeStream) return { filter_subject: '', filter_subjects: [] };
	const filters = eventFilters(types);
	const [only] = filters;
	if (filters.length === 1 && only !== undefined) return { filter_subject: only };
	const known = new Set(eventFilters(eventTypes));
	return { filter_subjects: [...filters, ...existing.filter((filter) => !known.has(filter))] };
}

/** The last two parts of an event's subject. */
function typeOf(subject: string): string {
	return subject.split('.').slice(-2).join('.');
}
