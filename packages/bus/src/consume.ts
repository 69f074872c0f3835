import { type EventType, eventFilters } from '@chat-manager/contracts';
import { AckPolicy, ConsumerEvents, type ConsumerMessages, DeliverPolicy, type JsMsg } from 'nats';
import { createBatches } from './batches.ts';
import type { Bus } from './connection.ts';
import { type BusEvent, ensureEventStream, eventStream, parseEvent } from './events.ts';
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
 * can never succeed: they are logged and taken off the stream. A consumer that NATS no longer knows (its store was wiped)
 * is made again.
 */
export async function consumeEvents(bus: Bus, options: ConsumeOptions): Promise<Consuming> {
	const { durable, types, takesWholeStream = false } = options;
	const wanted: ReadonlySet<string> = new Set(types);
	const batches = createBatches(bus, options);
	let stopped = false;
	let messages = await open();

	async function open(): Promise<ConsumerMessages> {
		return whenJetStreamAnswers(async () => {
			await ensureEventStream(bus);
			await ensureConsumer(bus, options);
			const consumer = await bus.jetStream.consumers.get(eventStream, durable);
			const opened = await consumer.consume({ max_messages: 1_000, callback: receive });
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
		if (takesWholeStream && !wanted.has(typeOf(message.subject))) {
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
	const update = { ack_wait: 30 * seconds, max_ack_pending: 2_000, ...filterOf(consumer) };
	try {
		await manager.consumers.info(eventStream, durable);
		await manager.consumers.update(eventStream, durable, update);
	} catch {
		await manager.consumers.add(eventStream, {
			durable_name: durable,
			ack_policy: AckPolicy.Explicit,
			deliver_policy: DeliverPolicy.All,
			...update,
		});
	}
}

/** A single one stands in the subject of the request too, where the permissions of a subscriber can hold it to that kind. */
function filterOf({ types, takesWholeStream = false }: EventConsumer) {
	// Named empty: an update keeps what it does not name.
	if (takesWholeStream) return { filter_subject: '', filter_subjects: [] };
	const filters = eventFilters(types);
	const [only] = filters;
	return filters.length === 1 && only !== undefined ? { filter_subject: only } : { filter_subjects: filters };
}

/** The last two parts of an event's subject. */
function typeOf(subject: string): string {
	return subject.split('.').slice(-2).join('.');
}
