import { ErrorCode, type KV, NatsError } from 'nats';
import type { z } from 'zod';
import type { Bus } from './connection.ts';
import { whenJetStreamAnswers } from './join.ts';
import { assertReplicas, keepReplicas } from './replicas.ts';

/**
 * A key-value bucket that every replica sees. It makes things fast; it is never the only place of a fact: a bucket that is
 * gone (the store of NATS was wiped) is made again, empty, by the next `put`.
 */
export type Bucket<T extends z.ZodType> = {
	put(key: string, value: z.input<T>): Promise<void>;
	delete(key: string): Promise<void>;
	/**
	 * Reports every key as it stands now, then every change; a deleted key is reported as `undefined`. An expired key is
	 * not reported at all (JetStream sends nothing for it): whoever needs to know must keep a clock. A watch does not survive
	 * that its bucket is wiped, and nothing tells: whoever relies on it must see what it puts itself come back.
	 */
	watch(listener: (key: string, value: z.output<T> | undefined) => void): Promise<AsyncDisposable>;
};

/** @param ttlMs after which an untouched key is gone; without it keys stay. */
export async function openBucket<T extends z.ZodType>(
	bus: Bus,
	name: string,
	value: T,
	{ ttlMs }: { ttlMs?: number } = {},
): Promise<Bucket<T>> {
	assertReplicas(bus);
	const lifetime = ttlMs === undefined ? {} : { ttl: ttlMs };
	const open = (): Promise<KV> =>
		bus.jetStream.views.kv(name, { history: 1, replicas: bus.replicas, ...lifetime });
	// A cluster that is electing its leaders answers late; that is no reason to end.
	let bucket = await whenJetStreamAnswers(async () => {
		const opened = await open();
		await keepReplicas(bus, `KV_${name}`);
		return opened;
	});
	return {
		async put(key, data) {
			const json = JSON.stringify(data);
			try {
				await bucket.put(key, json);
			} catch (error) {
				if (!(error instanceof NatsError) || error.code !== ErrorCode.NoResponders) throw error;
				bucket = await open();
				await bucket.put(key, json);
			}
		},
		async delete(key) {
			await bucket.delete(key);
		},
		async watch(listener) {
			const changes = await bucket.watch();
			const ended = (async () => {
				for await (const entry of changes) {
					if (entry.operation !== 'PUT') {
						listener(entry.key, undefined);
						continue;
					}
					const parsed = value.safeParse(entry.json());
					if (parsed.success) listener(entry.key, parsed.data);
					else bus.log.warn({ bucket: name, key: entry.key, error: parsed.error }, 'Entry not understood');
				}
			})();
			return {
				async [Symbol.asyncDispose]() {
					changes.stop();
					await ended;
				},
			};
		},
	};
}
