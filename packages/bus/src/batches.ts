import { setTimeout as delay } from 'node:timers/promises';
import type { Span } from '@opentelemetry/api';
import type { JsMsg } from 'nats';
import type { Bus } from './connection.ts';
import type { ConsumeOptions, ReceivedEvent } from './consume.ts';
import { startSpan, traceOf, traceText, withinSpan } from './spans.ts';

export type Received = { message: JsMsg; event: ReceivedEvent };

export type Batches = {
	add(received: Received): void;
	/** Finishes what runs, and gives back what has not begun. */
	stop(): Promise<void>;
};

/**
 * Makes batches of what comes in. Messages wait in one list; a batch leaves it when it is full or its first message has
 * waited long enough, as long as fewer than `batchesInFlight` are being handled. In an outage (the database is away) a batch
 * waits and is handled again as it is. A batch that fails for another reason is handled again event by event, so that one
 * bad event cannot hold up the others; what still fails is given back to come again later.
 */
export function createBatches({ log, watch }: Pick<Bus, 'log' | 'watch'>, options: ConsumeOptions): Batches {
	const {
		durable,
		handle,
		maxBatch = 200,
		maxWaitMs = 20,
		batchesInFlight = 2,
		isOutage = () => false,
	} = options;
	const pending: Received[] = [];
	const inFlight = new Set<Promise<void>>();
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	function add(received: Received): void {
		pending.push(received);
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
		const spans = batch.map((received) => beginStep(received, durable));
		try {
			await settleAll(batch);
		} finally {
			for (const span of spans) span?.end();
		}
	}

	async function settleAll(batch: Received[]): Promise<void> {
		// Long work must not be taken for lost: JetStream would deliver it to another replica at the same time.
		const stillWorking = setInterval(() => {
			for (const { message } of batch) message.working();
		}, 10_000);
		try {
			await whileOutage(() => handle(batch.map(({ event }) => event)));
			for (const received of batch) acknowledge(received);
		} catch (error) {
			if (stopped && isOutage(error)) return; // Not acknowledged: it comes again after the next start.
			log.warn({ error, durable, events: batch.length }, 'A batch of events failed; trying them one by one');
			for (const received of batch) await settleOne(received);
		} finally {
			clearInterval(stillWorking);
		}
	}

	function acknowledge({ message, event }: Received): void {
		message.ack();
		watch.eventHandled(durable, event.type, 'handled', lagMs(message));
	}

	async function whileOutage(task: () => Promise<void>): Promise<void> {
		for (let attempt = 0; ; attempt++) {
			try {
				return await task();
			} catch (error) {
				if (stopped || !isOutage(error)) throw error;
				if (attempt === 0) log.warn({ error, durable }, 'Events wait: what stores them is away');
				await delay(Math.min(2_000, 100 * 2 ** attempt));
			}
		}
	}

	async function settleOne({ message, event }: Received): Promise<void> {
		try {
			await handle([event]);
			acknowledge({ message, event });
		} catch (error) {
			log.error({ error, durable, event: event.id, type: event.type }, 'An event failed; it will come again');
			watch.eventHandled(durable, event.type, 'failed', lagMs(message));
			message.nak(retryDelayMs(message.info.redeliveryCount));
		}
	}

	return {
		add,
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await Promise.allSettled(inFlight);
			// At once: the next process need not wait until their time is over.
			for (const { message } of pending.splice(0)) message.nak();
		},
	};
}

/** The step of the event's own trace; what becomes of it later is told below it. */
function beginStep({ message, event }: Received, durable: string): Span | undefined {
	if (!message.headers?.has('traceparent')) return undefined;
	const parent = traceOf(message.headers);
	const span = startSpan(`${durable} handles ${event.type}`, { kind: 'CONSUMER', parent });
	event.trace = traceText(withinSpan(span, parent));
	return span;
}

/** By the clocks of two machines, so it may be a little off. */
function lagMs(message: JsMsg): number {
	return Math.max(0, Date.now() - message.info.timestampNanos / 1e6);
}

/** 1 s, 2 s, 4 s … up to a minute. */
export function retryDelayMs(attempt: number): number {
	return Math.min(60_000, 1_000 * 2 ** Math.min(attempt, 10));
}
