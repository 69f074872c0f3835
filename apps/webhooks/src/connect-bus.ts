import { type Bus, type BusOptions, connectBus, ensureEventStream } from '@chat-manager/bus';
import { type Clock, type Logger, sleep } from '@chat-manager/service';

const patienceMs = 1_000;
const retryMs = 500;

/** Connects and makes sure of the event stream, however long NATS takes to come up; one log line when that takes a while. */
export async function connectAndWait(
	options: BusOptions & { logger: Logger; clock: Clock; signal: AbortSignal },
): Promise<Bus> {
	const { logger, clock, signal, ...busOptions } = options;
	const patience = clock.setTimeout(() => logger.warn('waiting for NATS'), patienceMs);
	try {
		const bus = await unlessAborted(connectBus(busOptions), signal);
		await unlessAborted(
			whenJetStreamAnswers(() => ensureEventStream(bus), options),
			signal,
		);
		return bus;
	} finally {
		clock.clearTimeout(patience);
	}
}

/** JetStream of a server that has just started may not answer yet. Only errors of NATS itself are waited out. */
export async function whenJetStreamAnswers<T>(
	task: () => Promise<T>,
	{ clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<T> {
	for (;;) {
		try {
			return await task();
		} catch (error) {
			if (!(error instanceof Error) || error.name !== 'NatsError') throw error;
			await sleep(clock, retryMs, signal);
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
