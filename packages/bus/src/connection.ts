import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { SubjectToken } from '@chat-manager/contracts';
import {
	type ConnectionOptions,
	connect,
	credsAuthenticator,
	Events,
	type JetStreamClient,
	type NatsConnection,
	type Status,
} from 'nats';
import type { Log } from './log.ts';
import {
	assertNewEnough,
	assertReadable,
	isUserRefused,
	loginFault,
	loginHint,
	userRefused,
} from './login-fault.ts';
import { defaultEventHours } from './retention.ts';
import { type BusWatch, unwatched } from './watch.ts';

const retryMs = 250;
/** From dialling a server to its welcome, TLS included. */
const connectTimeoutMs = 5_000;

/** One connection of one process. Every function of this package takes it first. */
export type Bus = {
	readonly service: string;
	readonly nats: NatsConnection;
	readonly jetStream: JetStreamClient;
	readonly log: Log;
	readonly watch: BusWatch;
	/** How many servers of a NATS cluster keep each stream and each bucket. */
	readonly replicas: number;
	/** For how long events stay in the stream. */
	readonly eventHours: number;
	/** Whether NATS is reachable at this moment. */
	isConnected(): boolean;
	[Symbol.asyncDispose](): Promise<void>;
};

/** Where NATS is, who connects, and how safe what is stored there has to be. */
export type BusLogin = {
	url: string;
	user?: string | undefined;
	password?: string | undefined;
	/** JWT and seed, in place of user and password. */
	credentialsFile?: string | undefined;
	/** Given, a server without TLS is refused; files are PEM. */
	tls?: { caFile?: string; certFile?: string; keyFile?: string } | undefined;
	/** Servers of a cluster that keep each stream and bucket: 1 unless given. */
	replicas?: number | undefined;
	/** For how long events stay in the stream. */
	eventHours?: number | undefined;
};

export type BusOptions = BusLogin & {
	/** The service that connects: it names the connection and its inbox, which no other service may read. */
	service: string;
	log: Log;
	watch?: BusWatch;
};

/**
 * Connects and stays connected: a NATS that is not there yet, or goes away, is waited for without end; why it does not come
 * about is logged when it changes. Throws what waiting does not cure at the start: a user that NATS refuses, a certificate that does
 * not fit, a file that is not there, a server that is too old. Once it was connected it throws nothing: whoever changes the server
 * puts it right there.
 */
export async function connectBus(options: BusOptions): Promise<Bus> {
	const { url, service, log, watch = unwatched, replicas = 1, ...rest } = options;
	const { eventHours = defaultEventHours, ...login } = rest;
	await assertReadable(options);
	const nats = await connectPatiently(log, {
		timeout: connectTimeoutMs,
		servers: url.split(','),
		name: service,
		inboxPrefix: `_INBOX_${SubjectToken.parse(service)}`,
		maxReconnectAttempts: -1,
		ignoreAuthErrorAbort: true, // Refused twice later on, a client would give up for good; the server may be put right.
		reconnectTimeWait: retryMs,
		pingInterval: 5_000,
		noAsyncTraces: true, // A stack trace for every request, in case it fails, is a tenth of what a publish costs.
		...(await credentials(login)),
		...(login.tls === undefined ? {} : { tls: login.tls }),
	});
	try {
		assertNewEnough(nats);
	} catch (error) {
		await nats.close();
		throw error;
	}
	let connected = true;
	let refused = false;
	void (async () => {
		for await (const status of nats.status()) {
			if (status.type === Events.Disconnect) connectionIs(false);
			if (status.type === Events.Reconnect) connectionIs(true);
			if (status.type === Events.Error) report(status);
		}
	})();

	/** Each try that fails is a new `disconnect`. */
	function connectionIs(now: boolean): void {
		if (now) refused = false;
		if (now === connected) return;
		connected = now;
		log.warn({ connected }, 'NATS connection changed');
		watch.connectionChanged(connected ? 'back' : 'lost');
	}

	/** What the permissions of our user do not hold is refused; whoever asked only hears nothing. */
	function report({ data, permissionContext }: Status): void {
		if (isUserRefused(String(data))) {
			if (!refused) log.error({ code: data }, `${userRefused} Trying on.`);
			refused = true;
			return;
		}
		log.error({ code: data, ...permissionContext }, 'NATS refused something or failed');
		if (permissionContext !== undefined) watch.refused();
	}

	return {
		service,
		nats,
		// Without a question for what the whole account uses, which is nobody's business.
		jetStream: nats.jetstream({ timeout: 5_000, checkAPI: false }),
		log,
		watch,
		replicas,
		eventHours,
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

async function connectPatiently(log: Log, options: ConnectionOptions): Promise<NatsConnection> {
	for (let told = ''; ; ) {
		try {
			return await connect(options);
		} catch (error) {
			const fault = error instanceof Error ? loginFault(error) : new Error('NATS failed', { cause: error });
			if (fault !== undefined || !(error instanceof Error)) throw fault;
			const hint = loginHint(error);
			if (error.message !== told)
				log.warn({ error, ...(hint === undefined ? {} : { hint }) }, 'NATS is not reachable; trying on');
			told = error.message;
			await delay(retryMs);
		}
	}
}

async function credentials({
	user,
	password,
	credentialsFile,
}: Omit<BusLogin, 'url' | 'replicas' | 'eventHours'>): Promise<ConnectionOptions> {
	if (credentialsFile !== undefined)
		return { authenticator: credsAuthenticator(await readFile(credentialsFile)) };
	return user === undefined ? {} : { user, pass: password ?? '' };
}
