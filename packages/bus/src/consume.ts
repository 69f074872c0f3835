import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { type EventType, eventFilters } from '@chat-manager/contracts';
import { AckPolicy, type ConsumerMessages, DeliverPolicy, type JsMsg } from 'nats';
import type { Bus } from './connection.ts';
import { type BusEvent, eventStream, parseEvent } from './events.ts';

/** An event with its place in the stream: of two in the same second, the one with the lower number was published first. */
export type ReceivedEvent<T extends EventType = EventType> = BusEvent<T> & { sequence: number };

export type ConsumeOptions = {
	/** The durable name: replicas that share it share the work, and it remembers its place. */
	durable: string;
	types: readonly EventType[];
	/** Handles a batch; when it resolves the batch is acknowledged, when it throws the batch is tried again. */
	handle(events: ReceivedEvent[]): Promise<void>;
	maxBatch?: number;
	/** How long the first event of a batch waits for more. */
	maxWaitMs?: number;
	batchesInFlight?: number;
	/** Whether an error means that nothing can be handled at the moment: then the batch waits where it is, in its order. */
	isOutage?(error: unknown): boolean;
};

export type Consuming = { stop(): Promise<void> };

/**
 * Consumes events in batches, at least once.
 *
 * Messages are pushed into one pending list; a batch leaves it when it is full or its first message has waited long
 * enough, as long as fewer than `batchesInFlight` are being handled. In an outage (the database is away) a batch waits and
 * is handled again as it is. A batch that fails for another reason is handled again event
 * by event, so that one bad event cannot hold up the others; what still fails is given back to come again later.
 * Bytes that are no event of the contract can never succeed: they are logged and taken off the stream.
 */
export async function consumeEvents(bus: Bus, options: ConsumeOptions): Promise<Consuming> {
	const {
		durable,
		types,
		handle,
		maxBatch = 200,
		maxWaitMs = 20,
		batchesInFlight = 2,
		isOutage = () => false,
	} = options;
	await ensureConsumer(bus, durable, types);
	const pending: Received[] = [];
	const inFlight = new Set<Promise<void>>();
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	function receive(message: JsMsg): void {
		const event = readEvent(bus, message);
		if (event === undefined) return;
		pending.push({ message, event });
		if (pending.length >= maxBatch) flush();
		else timer ??= setTimeout(flush, maxWaitMs);
	}

	function flush(): void {
		clearTimeout(timer);
		timer = undefined;
		while (!stopped && pending.length > 0 && inFlight.size < batchesInFlight) {
			const work = settle(pending.splice(0, maxBatch)).finally(() => {
				inFlight.delete(work);
				flush();
			});
			inFlight.add(work);
		}
	}

	async function settle(batch: Received[]): Promise<void> {
		// Long work must not be taken for lost: JetStream would deliver it to another replica at the same time.
		const stillWorking = setInterval(() => {
			for (const { message } of batch) message.working();
		}, 10_000);
		try {
			await whileOutage(() => handle(batch.map(({ event }) => event)));
			for (const { message } of batch) message.ack();
		} catch (error) {
			if (stopped && isOutage(error)) return; // Not acknowledged: it comes again after the next start.
			bus.log.warn(
				{ error, durable, events: batch.length },
				'A batch of events failed; trying them one by one',
			);
			for (const received of batch) await settleOne(received);
		} finally {
			clearInterval(stillWorking);
		}
	}

	async function whileOutage(task: () => Promise<void>): Promise<void> {
		for (let attempt = 0; ; attempt++) {
			try {
				return await task();
			} catch (error) {
				if (stopped || !isOutage(error)) throw error;
				if (attempt === 0) bus.log.warn({ error, durable }, 'Events wait: what stores them is away');
				await setTimeoutAsync(Math.min(2_000, 100 * 2 ** attempt));
			}
		}
	}

	async function settleOne({ message, event }: Received): Promise<void> {
		try {
			await handle([event]);
			message.ack();
		} catch (error) {
			bus.log.error(
				{ error, durable, event: event.id, type: event.type },
				'An event failed; it will come again',
			);
			message.nak(retryDelayMs(message.info.redeliveryCount));
		}
	}

	const consumer = await bus.jetStream.consumers.get(eventStream, durable);
	const messages: ConsumerMessages = await consumer.consume({ max_messages: 1_000, callback: receive });
	return {
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await messages.close();
			await Promise.allSettled(inFlight);
			// Given back at once: the next process need not wait until their time is over.
			for (const { message } of pending.splice(0)) message.nak();
		},
	};
}

type Received = { message: JsMsg; event: ReceivedEvent };

/** 1 s, 2 s, 4 s … up to a minute. */
export function retryDelayMs(attempt: number): number {
	return Math.min(60_000, 1_000 * 2 ** Math.min(attempt, 10));
}

function readEvent(bus: Bus, message: JsMsg): ReceivedEvent | undefined {
	try {
		return { ...parseEvent(message.data), sequence: message.seq };
	} catch (error) {
		bus.log.error(
			{ error, subject: message.subject, seq: message.seq },
			'Not an event of the contract; dropped',
		);
		message.term('not an event of the contract');
		return undefined;
	}
}

async function ensureConsumer(bus: Bus, durable: string, types: readonly EventType[]): Promise<void> {
	const manager = await bus.nats.jetstreamManager();
	const seconds = 1_000_000_000; // JetStream counts in nanoseconds.
	const update = { ack_wait: 30 * seconds, max_ack_pending: 2_000, filter_subjects: eventFilters(types) };
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
