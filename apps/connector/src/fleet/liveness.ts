/**
 * Which connectors are alive.
 *
 * Every connector puts one heartbeat every `beatMs` (one, not one a user: heartbeats must not grow with users) and watches
 * those of the others. An expired key sends no watch event, so each declares another dead after `deadAfterMs` without a
 * beat, on its own monotonic clock. Two rules keep that safe:
 *
 * - *Fenced.* Whose own beat was not stored for `fenceAfterMs` takes itself for dead before the others may: `onFenced`
 *   closes its sockets. A process that was frozen finds out by the same clock when it wakes.
 * - *Deaf.* Whoever does not hear its own beat come back hears nobody else either, and calls nobody dead. It watches anew,
 *   and then listens for `settleMs` before it judges; so does whoever has just started, or was fenced.
 */
import { type Bus, openBucket, whenJetStreamAnswers } from '@chat-manager/bus';
import type { Clock, Logger, Timer } from '@chat-manager/service';
import { z } from 'zod';

export const livenessBucket = 'CONNECTORS';
export const beatMs = 2_000;
const deadAfterMs = 6_000;
const fenceAfterMs = 4_500;
/** Less than the others' beat may be late: with a watch that broke, this is over before anybody seems dead. */
const deafAfterMs = 3_000;
const settleMs = 3_000;
/** How long a connector must have been heard before users are moved to it: one that comes and goes gets none. */
const steadyAfterMs = 5_000;

/**
 * `boot` is new at every start: with it a process sees that another one runs under its name. `room`: how many more users
 * it can hold.
 */
const Heartbeat = z.object({
	boot: z.string(),
	joinedAt: z.number(),
	draining: z.boolean(),
	room: z.number(),
});
type Heartbeat = z.infer<typeof Heartbeat>;

/** Another connector that may be given users. */
export type Peer = { id: string; room: number; isSteady: boolean };

export type Liveness = {
	/** The other connectors that are alive and not about to stop. */
	peers(): Peer[];
	/** Connectors whose leases must be respected, this one included. */
	alive(): string[];
	/** Whether this connector may hold users; asked before everything that has an effect. */
	isFenced(): boolean;
	/** Whether enough was heard to call a connector that is not heard dead. */
	isSettled(): boolean;
	/** Tells the others at once what changed of this connector. */
	announce(change: { draining?: boolean; room?: number }): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
};

export type LivenessOptions = {
	bus: Bus;
	clock: Clock;
	logger: Logger;
	id: string;
	boot: string;
	room: number;
	/** Somebody came, went, or has more or less room than before. */
	onChange: () => void;
	onFenced: () => void;
	/** Another process runs under this name and was there first: this one has to end. */
	onTwin: () => void;
};

export async function watchLiveness(options: LivenessOptions): Promise<Liveness> {
	const { bus, clock, logger, id, boot } = options;
	const bucket = await openBucket(bus, livenessBucket, Heartbeat, { ttlMs: deadAfterMs });
	const others = createOthers(clock, options.onChange);
	const own = { boot, joinedAt: clock.now(), draining: false, room: options.room };
	let beatenAtMs = clock.monotonicMs();
	let echoedAtMs = beatenAtMs;
	let listeningSinceMs = beatenAtMs;
	let fencing: Timer | undefined;
	let beating: Timer | undefined;
	let wasFenced = false;
	let wasHeard = false;
	let closed = false;

	const sinceMs = (atMs: number) => clock.monotonicMs() - atMs;
	const isFenced = () => sinceMs(beatenAtMs) >= fenceAfterMs;

	function fence(): void {
		if (wasFenced || closed || !isFenced()) return;
		wasFenced = true;
		options.onFenced();
	}

	/** Stores the heartbeat. What is counted from is the moment before: the others count from a later one. */
	async function put(): Promise<void> {
		fence(); // Frozen until now, perhaps: first the sockets, then the sign of life.
		const atMs = clock.monotonicMs();
		if (wasFenced) own.joinedAt = clock.now();
		await bucket.put(id, own);
		if (closed) return;
		beatenAtMs = Math.max(beatenAtMs, atMs);
		clock.clearTimeout(fencing);
		fencing = clock.setTimeout(fence, beatenAtMs + fenceAfterMs - clock.monotonicMs());
		if (!wasFenced || isFenced()) return;
		wasFenced = false;
		listeningSinceMs = clock.monotonicMs();
		logger.warn({ id }, 'the heartbeat is stored again');
	}

	async function beat(): Promise<void> {
		beating = clock.setTimeout(() => void beat(), beatMs);
		try {
			if (sinceMs(echoedAtMs) > deafAfterMs && !isFenced()) await watchAnew();
			await put();
		} catch (err) {
			logger.warn({ err }, 'the heartbeat was not stored');
		}
	}

	async function watchAnew(): Promise<void> {
		logger.warn({ id }, 'the own heartbeat is not heard: watching anew');
		echoedAtMs = listeningSinceMs = clock.monotonicMs();
		await put(); // Makes the bucket again, if it is that which is gone.
		const before = watching;
		watching = await bucket.watch(hear);
		await before[Symbol.asyncDispose]();
	}

	function hear(other: string, heartbeat: Heartbeat | undefined): void {
		if (other !== id) {
			others.hear(other, heartbeat);
		} else if (heartbeat?.boot === boot) {
			echoedAtMs = clock.monotonicMs();
			wasHeard = true;
		} else if (heartbeat !== undefined && wasHeard) {
			// What stood there before our first beat is of a process that ended; what comes later is of a living one.
			meetTwin(heartbeat);
		}
	}

	function meetTwin(twin: Heartbeat): void {
		logger.error({ id }, 'another process runs with the same connector id: every connector needs its own');
		const isFirst = own.joinedAt === twin.joinedAt ? boot < twin.boot : own.joinedAt < twin.joinedAt;
		if (!isFirst) options.onTwin();
	}

	// The bucket was made a moment ago, perhaps, and its leader is still being elected.
	let watching = await whenJetStreamAnswers(() => bucket.watch(hear));
	await whenJetStreamAnswers(put);
	beating = clock.setTimeout(() => void beat(), beatMs);

	return {
		isFenced,
		peers: others.peers,
		alive: () => [id, ...others.alive()],
		isSettled: () => !isFenced() && sinceMs(listeningSinceMs) > settleMs && sinceMs(echoedAtMs) < deafAfterMs,
		async announce(change) {
			Object.assign(own, change);
			await put();
		},
		async [Symbol.asyncDispose]() {
			closed = true;
			clock.clearTimeout(beating);
			clock.clearTimeout(fencing);
			others.close();
			await watching[Symbol.asyncDispose]();
			await bucket.delete(id).catch(() => {}); // It expires by itself.
		},
	};
}

/** The other connectors, each until it was not heard for `deadAfterMs`. */
function createOthers(clock: Clock, onChange: () => void) {
	type Other = Heartbeat & { heardAtMs: number; firstHeardAtMs: number; expiry: Timer };
	const known = new Map<string, Other>();
	const isAlive = ({ heardAtMs }: Other) => clock.monotonicMs() - heardAtMs < deadAfterMs;
	const living = () => [...known].filter(([, other]) => isAlive(other));

	function forget(id: string): void {
		clock.clearTimeout(known.get(id)?.expiry);
		known.delete(id);
		onChange();
	}

	return {
		hear(id: string, heartbeat: Heartbeat | undefined): void {
			if (heartbeat === undefined) {
				forget(id);
				return;
			}
			const before = known.get(id);
			clock.clearTimeout(before?.expiry);
			const nowMs = clock.monotonicMs();
			const isSame = before?.boot === heartbeat.boot && isAlive(before);
			known.set(id, {
				...heartbeat,
				heardAtMs: nowMs,
				firstHeardAtMs: isSame ? before.firstHeardAtMs : nowMs,
				expiry: clock.setTimeout(() => forget(id), deadAfterMs),
			});
			const hasChanged = before?.draining !== heartbeat.draining || before.room > 0 !== heartbeat.room > 0;
			if (!isSame || hasChanged) onChange();
		},
		alive: () => living().map(([id]) => id),
		peers: (): Peer[] =>
			living()
				.filter(([, { draining }]) => !draining)
				.map(([id, { room, firstHeardAtMs }]) => ({
					id,
					room,
					isSteady: clock.monotonicMs() - firstHeardAtMs > steadyAfterMs,
				})),
		close() {
			for (const { expiry } of known.values()) clock.clearTimeout(expiry);
			known.clear();
		},
	};
}
