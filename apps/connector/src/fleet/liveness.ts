/**
 * Which connectors are alive.
 *
 * Every connector puts one heartbeat every `beatMs` (one, not one a user: heartbeats must not grow with users) and watches
 * those of the others. An expired key sends no watch event, so each declares another dead after `deadAfterMs` without a
 * beat, on its own monotonic clock. A connector whose own beat was not stored for `fenceAfterMs` must take itself for
 * dead before the others may: it closes its sockets (`isFenced`).
 */
import { type Bus, openBucket } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import { z } from 'zod';

export const beatMs = 2_000;
const deadAfterMs = 6_000;
const fenceAfterMs = 4_500;

/** `boot` is new at every start: with it a process sees that another one runs under its name. */
const Heartbeat = z.object({ boot: z.string(), draining: z.boolean() });

export type Liveness = {
	/** Connectors that may take users: alive, and not about to stop. This one included. */
	placeable(): string[];
	/** Connectors whose leases must be respected. */
	alive(): string[];
	/** Whether this connector may hold users. */
	isFenced(): boolean;
	/** Whether enough was heard since the start to call a connector that was not seen dead. */
	isSettled(): boolean;
	/** Says to the others that this connector takes no more users, and is about to stop. */
	drain(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
};

export async function watchLiveness(options: {
	bus: Bus;
	clock: Clock;
	logger: Logger;
	id: string;
	boot: string;
	onChange: () => void;
}): Promise<Liveness> {
	const { bus, clock, logger, id, boot, onChange } = options;
	const bucket = await openBucket(bus, 'CONNECTORS', Heartbeat, { ttlMs: deadAfterMs });
	const seen = new Map<string, { atMs: number; draining: boolean }>();
	const startedAtMs = clock.monotonicMs();
	let beatenAtMs = startedAtMs;
	let draining = false;

	async function beat(): Promise<void> {
		const atMs = clock.monotonicMs(); // Taken before the put: the others count from a later moment.
		await bucket.put(id, { boot, draining });
		beatenAtMs = atMs;
	}

	const watching = await bucket.watch((other, heartbeat) => {
		if (other === id) {
			if (heartbeat !== undefined && heartbeat.boot !== boot) {
				logger.warn(
					{ id },
					'a heartbeat of an earlier or another process with the same connector id was seen',
				);
			}
			return;
		}
		const isNew = !seen.has(other);
		if (heartbeat === undefined) seen.delete(other);
		else seen.set(other, { atMs: clock.monotonicMs(), draining: heartbeat.draining });
		if (isNew || heartbeat?.draining !== false) onChange();
	});
	await beat();
	const timer = setInterval(() => {
		beat().catch((err: unknown) => logger.warn({ err }, 'the heartbeat was not stored'));
	}, beatMs);

	const others = () => [...seen].filter(([, { atMs }]) => clock.monotonicMs() - atMs < deadAfterMs);
	return {
		alive: () => [id, ...others().map(([other]) => other)],
		placeable: () => [
			...(draining ? [] : [id]),
			...others()
				.filter(([, other]) => !other.draining)
				.map(([other]) => other),
		],
		isFenced: () => clock.monotonicMs() - beatenAtMs > fenceAfterMs,
		isSettled: () => clock.monotonicMs() - startedAtMs > beatMs + 1_000,
		async drain() {
			draining = true;
			await beat();
		},
		async [Symbol.asyncDispose]() {
			clearInterval(timer);
			await watching[Symbol.asyncDispose]();
			await bucket.delete(id).catch(() => {}); // It expires by itself.
		},
	};
}
