import { randomUUID } from 'node:crypto';
import type { WebhooksContext } from '../context.ts';
import { findWaitingEndpoints, leaseDeliveries, releaseDeliveries } from '../database/leases.ts';
import { attemptTimeoutMs } from './attempt.ts';
import { createCompletions, type TellOwners } from './completions.ts';
import type { Connections } from './connections.ts';
import { createLanes, type Job } from './lanes.ts';
import { runJob } from './run-job.ts';
import { createSigningKeys } from './signing-keys.ts';

/** How often a dispatcher looks by itself: for retries that came due, and for what others recorded or left behind. */
export const pollMs = 1_000;
export const leaseMs = 60_000;
/** What a lease still has when an attempt begins: the attempt, and time to write what became of it. */
const attemptReserveMs = attemptTimeoutMs + 5_000;
const maxHeld = 2_000;
const maxEndpointsAtOnce = 500;
const stopGraceMs = 5_000;

export type DispatcherContext = Omit<WebhooksContext, 'wake' | 'publish' | 'eventKeys'> & {
	connections: Connections;
	tellOwners: TellOwners;
};

export type Dispatcher = AsyncDisposable & { wake: WebhooksContext['wake'] };

/**
 * Delivers what is due. Any number of dispatchers work on one ledger:
 *
 * - it hears of endpoints with something due (from the consumer beside it, or by looking once a second), and leases a few
 *   deliveries of each, as many as the endpoint's lane has room for (`lanes.ts`);
 * - a lease outlasts every attempt that begins under it, so nobody else posts the same delivery meanwhile; what is not tried
 *   in time is left alone, and after the lease anybody takes it: also what a killed process held;
 * - an attempt's outcome is written in batches, and only under the lease.
 *
 * So a delivery is posted twice only when a process dies, or loses its database for a minute, between the answer and its record.
 * Disposing takes nothing new, gives back what was not begun, and lets what runs finish for 5 s.
 */
export function startDispatcher(context: DispatcherContext): Dispatcher {
	const { db, clock, logger } = context;
	const lanes = createLanes({ maxHeld });
	const completions = createCompletions(context);
	const running = new Set<Promise<void>>();
	const cut = new AbortController();
	const jobContext = { ...context, signingKeys: createSigningKeys(context.vault) };
	const hinted = new Set<string>();
	let mustLook = true;
	let stopping = false;
	let filling: Promise<void> | undefined;
	/** The last lease that was asked for. */
	let leasing = Promise.resolve();
	let timer = clock.setTimeout(tick, pollMs);
	fill();

	function tick(): void {
		timer = clock.setTimeout(tick, pollMs);
		mustLook = true;
		fill();
	}

	function wake(endpointIds: Iterable<string>): void {
		for (const id of endpointIds) hinted.add(id);
		fill();
	}

	/** One at a time; what is heard meanwhile is done by the same run. */
	function fill(): void {
		if (filling !== undefined || !hasWork()) return;
		filling = fillLanes().then(
			() => {
				filling = undefined;
				fill();
			},
			(err: unknown) => {
				filling = undefined;
				logger.warn({ err }, 'the ledger could not be read; looking again in a moment');
			},
		);
	}

	function hasWork(): boolean {
		return !stopping && !lanes.isFull() && (mustLook || hinted.size > 0);
	}

	async function fillLanes(): Promise<void> {
		while (hasWork()) {
			if (mustLook) await look();
			const some = [...hinted].slice(0, maxEndpointsAtOnce);
			for (const id of some) hinted.delete(id);
			leasing = lease(some);
			await leasing;
		}
	}

	async function look(): Promise<void> {
		mustLook = false;
		for (let after: string | undefined = ''; after !== undefined; ) {
			const page: string[] = await findWaitingEndpoints(db, {
				after,
				now: new Date(clock.now()),
				max: maxEndpointsAtOnce,
			});
			for (const id of page) hinted.add(id);
			after = page.length < maxEndpointsAtOnce ? undefined : page.at(-1);
		}
	}

	async function lease(endpointIds: readonly string[]): Promise<void> {
		const wanted = new Map<string, number>();
		for (const id of endpointIds) {
			const room = lanes.room(id);
			if (room > 0) wanted.set(id, room);
			else lanes.markMore(id, true);
		}
		if (wanted.size === 0) return;
		const name = randomUUID();
		const startUntilMs = clock.monotonicMs() + leaseMs - attemptReserveMs;
		const now = clock.now();
		const until = new Date(now + leaseMs);
		const leased = await leaseDeliveries(db, { wanted, lease: name, now: new Date(now), until });
		for (const delivery of leased) lanes.put({ ...delivery, lease: name, startUntilMs });
		for (const [id, room] of wanted) {
			lanes.markMore(id, leased.filter(({ endpointId }) => endpointId === id).length >= room);
			advance(id);
		}
	}

	/** Begins what the lane allows, and asks for more when it has room again. */
	function advance(endpointId: string): void {
		for (let job = lanes.next(endpointId); job !== undefined; job = lanes.next(endpointId)) {
			const work = run(job).finally(() => running.delete(work));
			running.add(work);
		}
		if (lanes.wantsMore(endpointId)) wake([endpointId]);
	}

	async function run(job: Job): Promise<void> {
		const startedMs = clock.monotonicMs();
		const isLate = startedMs > job.startUntilMs;
		const completion = isLate ? undefined : await runJob(jobContext, job, cut.signal);
		const written = completion === undefined ? undefined : completions.add(completion);
		if (completion?.isGone === true || completion?.throttleMs !== undefined) {
			// Not one more until this is written: from then on the ledger gives nothing out for it. A lease that is under way was
			// perhaps read before, so what it brings is not begun either.
			lanes.shut(job.endpointId);
			const underWay = leasing.catch(() => {});
			await written;
			await underWay;
			await giveBack(lanes.open(job.endpointId));
		}
		const wasFull = lanes.isFull();
		const accepted = completion === undefined ? undefined : completion.state === 'delivered';
		lanes.done(job.endpointId, accepted, clock.monotonicMs() - startedMs);
		if (stopping) return;
		if (wasFull) mustLook = true;
		advance(job.endpointId);
	}

	return {
		wake,
		async [Symbol.asyncDispose]() {
			stopping = true;
			clock.clearTimeout(timer);
			const grace = clock.setTimeout(() => {
				cut.abort(new Error('The dispatcher stops.'));
				void context.connections.destroy();
			}, stopGraceMs);
			await filling;
			await giveBack(lanes.clear());
			await Promise.allSettled(running);
			await completions.drain(cut.signal);
			clock.clearTimeout(grace);
		},
	};

	async function giveBack(jobs: readonly Job[]): Promise<void> {
		if (jobs.length === 0) return;
		const now = new Date(clock.now());
		await releaseDeliveries(db, {
			ids: jobs.map(({ id }) => id),
			leases: jobs.map((job) => job.lease),
			now,
		}).catch((err: unknown) =>
			logger.warn({ err }, 'leases could not be given back; they run out by themselves'),
		);
	}
}
