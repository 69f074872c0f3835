import { type Bus, type BusLogin, connectBus, tellChange } from '@chat-manager/bus';
import { AppError, type Change } from '@chat-manager/contracts';
import { type Logger, sleep, systemClock } from '@chat-manager/service';
import { metrics } from './metrics.ts';

/** The way to the other services, which may not be there: the gateway starts without it, and finds it again by itself. */
export type BusLink = AsyncDisposable & {
	/** The connected bus; throws `unavailable` while there is none. */
	get(): Bus;
	isConnected(): boolean;
	/** Tells whoever shows it to its user at this moment; nobody while there is no bus. */
	tell(userId: string, change: Change): void;
};

type BusLinkOptions = {
	login: BusLogin;
	logger: Logger;
	/** Called for each new connection. */
	onConnected(bus: Bus): void;
	/** Called when a lost one is back: signals may have been missed. */
	onReconnected(): void;
};

/** A connection that ends for good, or never came about (NATS refused our password, say), is followed by a new one. */
const retryMs = 2_000;

export function openBusLink({ login, logger, ...listener }: BusLinkOptions): BusLink {
	const stopped = new AbortController();
	let bus: Bus | undefined;

	async function stayConnected(): Promise<void> {
		while (!stopped.signal.aborted) {
			await connectOnce().catch((error: unknown) => logger.warn({ err: error }, 'NATS connection failed'));
			await sleep(systemClock, retryMs, stopped.signal).catch(() => undefined);
		}
	}

	async function connectOnce(): Promise<void> {
		await using connected = await connectBus({
			...login,
			service: 'gateway',
			log: logger,
			watch: metrics.bus,
		});
		if (stopped.signal.aborted) return;
		bus = connected;
		logger.info({}, 'NATS connected');
		listener.onConnected(connected);
		reportReconnects(connected).catch((error: unknown) => logger.warn({ err: error }, 'NATS status lost'));
		await Promise.race([connected.nats.closed(), aborted(stopped.signal)]);
		bus = undefined;
	}

	async function reportReconnects(connected: Bus): Promise<void> {
		for await (const { type } of connected.nats.status()) {
			if (String(type) === 'reconnect') listener.onReconnected();
		}
	}

	const staying = stayConnected();
	return {
		get() {
			if (bus?.isConnected() === true) return bus;
			throw new AppError(
				'unavailable',
				'The message bus that connects our services is not reachable at the moment. Nothing was done; try again in a moment.',
				{ retryAfterMs: 2_000 },
			);
		},
		isConnected: () => bus?.isConnected() === true,
		tell(userId, change) {
			if (bus?.isConnected() === true) tellChange(bus, userId, change);
		},
		async [Symbol.asyncDispose]() {
			stopped.abort();
			// A first connection that never came about cannot be called off; it ends with the process.
			if (bus !== undefined) await staying;
		},
	};
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
