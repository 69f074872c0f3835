import { setTimeout as delay } from 'node:timers/promises';
import { NatsError } from 'nats';
import { type Bus, type BusOptions, connectBus } from './connection.ts';
import { ensureEventStream } from './events.ts';

const patienceMs = 1_000;
const retryMs = 500;

/** Connects and makes sure of the event stream, however long NATS takes to come up; one log line when that takes a while. */
export async function joinBus(options: BusOptions & { signal: AbortSignal }): Promise<Bus> {
	const { log, signal, ...rest } = options;
	const patience = setTimeout(() => log.warn({}, 'waiting for NATS'), patienceMs);
	try {
		const bus = await unlessAborted(connectBus({ ...rest, log }), signal);
		await whenJetStreamAnswers(() => ensureEventStream(bus), signal);
		return bus;
	} finally {
		clearTimeout(patience);
	}
}

/** JetStream of a server that has just started may not answer yet. Only errors of NATS itself are waited out. */
export async function whenJetStreamAnswers<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	for (;;) {
		signal?.throwIfAborted();
		try {
			return await task();
		} catch (error) {
			if (!(error instanceof NatsError)) throw error;
			await delay(retryMs, undefined, { ...(signal === undefined ? {} : { signal }) });
		}
	}
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const abort = () => reject(signal.reason);
		if (signal.aborted) abort();
		signal.addEventListener('abort', abort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
	});
}
