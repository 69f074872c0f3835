import { SubjectToken } from '@chat-manager/contracts';
import { connect, Events, type JetStreamClient, type NatsConnection } from 'nats';
import type { Log } from './log.ts';

/** One connection of one process. Every function of this package takes it first. */
export type Bus = {
	readonly service: string;
	readonly nats: NatsConnection;
	readonly jetStream: JetStreamClient;
	readonly log: Log;
	/** Whether NATS is reachable at this moment. */
	isConnected(): boolean;
	[Symbol.asyncDispose](): Promise<void>;
};

export type BusOptions = {
	url: string;
	/** The service that connects: it names the connection and its inbox, which no other service may read. */
	service: string;
	log: Log;
	user?: string | undefined;
	password?: string | undefined;
};

/** Connects and stays connected: a NATS that is not there yet, or goes away, is waited for without end. */
export async function connectBus({ url, service, log, user, password }: BusOptions): Promise<Bus> {
	const nats = await connect({
		servers: url.split(','),
		name: service,
		inboxPrefix: `_INBOX_${SubjectToken.parse(service)}`,
		waitOnFirstConnect: true,
		maxReconnectAttempts: -1,
		reconnectTimeWait: 250,
		pingInterval: 5_000,
		noAsyncTraces: true, // A stack trace for every request, in case it fails, is a tenth of what a publish costs.
		...(user === undefined ? {} : { user, pass: password ?? '' }),
	});
	let connected = true;
	void (async () => {
		for await (const status of nats.status()) {
			if (status.type === Events.Disconnect) connected = false;
			if (status.type === Events.Reconnect) connected = true;
			if (status.type === Events.Disconnect || status.type === Events.Reconnect) {
				log.warn({ connected }, 'NATS connection changed');
			}
		}
	})();
	return {
		service,
		nats,
		jetStream: nats.jetstream({ timeout: 5_000 }),
		log,
		isConnected: () => connected && !nats.isClosed(),
		async [Symbol.asyncDispose]() {
			// Draining waits for a server that may be gone; flushing what is left is worth a moment, not more.
			await Promise.race([nats.drain(), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]).catch(
				() => {},
			);
			await nats.close();
		},
	};
}
