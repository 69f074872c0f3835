import {
	type Bus,
	type EventConsumer as Consumer,
	type Consuming,
	consumeEvents,
	type ReceivedEvent,
} from '@chat-manager/bus';
import { AppError } from '@chat-manager/contracts';
import type { Logger } from '@chat-manager/service';
import { recordErased } from './account-events.ts';
import type { ConsumerContext } from './consumer-context.ts';
import { mailDisabledWebhook } from './webhook-events.ts';

/** Consumes the events that the gateway acts on, over whichever connection there is. */
export type EventConsumer = AsyncDisposable & {
	/** From now on over this one. */
	join(bus: Bus): void;
};

/** What the gateway acts on. */
export const acted: Consumer = { durable: 'gateway', types: ['account.erased', 'webhook.disabled'] };

export function createEventConsumer({
	context,
	logger,
}: {
	context: ConsumerContext;
	logger: Logger;
}): EventConsumer {
	let consuming: Promise<Consuming | undefined> = Promise.resolve(undefined);

	async function handle(events: readonly ReceivedEvent[]): Promise<void> {
		for (const event of events) {
			if (event.type === 'account.erased') await recordErased(context, event);
			if (event.type === 'webhook.disabled') await mailDisabledWebhook(context, event);
		}
	}

	async function begin(bus: Bus, before: Promise<Consuming | undefined>): Promise<Consuming | undefined> {
		await stop(before);
		try {
			return await consumeEvents(bus, { ...acted, handle, isOutage });
		} catch (error) {
			// The connection ended before it began; the next one begins anew.
			logger.warn({ err: error }, 'events are not consumed yet');
			return undefined;
		}
	}

	async function stop(before: Promise<Consuming | undefined>): Promise<void> {
		await (await before)?.stop().catch(() => undefined);
	}

	return {
		join(bus) {
			consuming = begin(bus, consuming);
		},
		[Symbol.asyncDispose]: () => stop(consuming),
	};
}

/** Postgres is away: events wait where they are. */
function isOutage(error: unknown): boolean {
	return error instanceof AppError && error.code === 'unavailable';
}
