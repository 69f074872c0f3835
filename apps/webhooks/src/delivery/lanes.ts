import type { LeasedDelivery } from '../database/leases.ts';

/** A leased delivery and until when its attempt may begin, in monotonic milliseconds. */
export type Job = LeasedDelivery & { lease: string; startUntilMs: number };

const startWindow = 4;
const maxWindow = 32;
/** What waits behind the running attempts of an endpoint: as much as it takes in so long, so that leases do not grow old. */
const lookAheadMs = 1_000;
const maxLookAhead = 1024;

/**
 * A lane an endpoint: how many attempts run there at a time (its window), and what is leased and waits. The window grows
 * while the endpoint accepts and shrinks to one when it fails, so that a dead endpoint costs one open request and never
 * holds up another.
 */
export function createLanes(options: { maxHeld: number }) {
	const lanes = new Map<string, Lane>();
	let held = 0;

	function laneOf(endpointId: string): Lane {
		const lane = lanes.get(endpointId) ?? {
			window: startWindow,
			running: 0,
			waiting: [],
			mayHaveMore: false,
			shut: 0,
			meanMs: undefined,
		};
		lanes.set(endpointId, lane);
		return lane;
	}

	return {
		/** How many more deliveries of an endpoint may be leased: what may run at a time, and what follows at once. */
		room(endpointId: string): number {
			const lane = laneOf(endpointId);
			if (lane.shut > 0) return 0;
			const room = lane.window + lookAhead(lane) - lane.running - lane.waiting.length;
			return Math.max(0, Math.min(room, options.maxHeld - held));
		},
		put(job: Job): void {
			laneOf(job.endpointId).waiting.push(job);
			held++;
		},
		/** The next delivery that may be tried now, counted as running from here on. */
		next(endpointId: string): Job | undefined {
			const lane = laneOf(endpointId);
			if (lane.shut > 0 || lane.running >= lane.window) return undefined;
			const job = lane.waiting.shift();
			if (job !== undefined) lane.running++;
			return job;
		},
		/** @param accepted undefined when it was not tried. */
		done(endpointId: string, accepted: boolean | undefined, tookMs: number): void {
			const lane = laneOf(endpointId);
			lane.running--;
			held--;
			if (accepted !== undefined)
				lane.meanMs = lane.meanMs === undefined ? tookMs : 0.8 * lane.meanMs + 0.2 * tookMs;
			if (accepted === true) lane.window = Math.min(maxWindow, lane.window * 2);
			if (accepted === false) lane.window = 1;
		},
		/** Remembers that more may be due for an endpoint than there was room for. */
		markMore(endpointId: string, mayHaveMore: boolean): void {
			laneOf(endpointId).mayHaveMore = mayHaveMore;
		},
		/** Whether it is time to ask for more: half of what follows has begun. Forgets a lane that has nothing left. */
		wantsMore(endpointId: string): boolean {
			const lane = laneOf(endpointId);
			const inLane = lane.running + lane.waiting.length;
			if (lane.mayHaveMore) return inLane <= lane.window + lookAhead(lane) / 2;
			if (inLane === 0) lanes.delete(endpointId);
			return false;
		},
		/** Nothing begins at an endpoint, and nothing is leased for it, until it is opened again. */
		shut(endpointId: string): void {
			const lane = laneOf(endpointId);
			lane.shut++;
			lane.mayHaveMore = false;
		},
		/** Takes out what waits there. */
		open(endpointId: string): Job[] {
			const lane = laneOf(endpointId);
			lane.shut--;
			const jobs = lane.waiting.splice(0);
			held -= jobs.length;
			return jobs;
		},
		isFull: () => held >= options.maxHeld,
		/** Takes out everything that waits. */
		clear(): Job[] {
			const jobs = [...lanes.values()].flatMap((lane) => lane.waiting.splice(0));
			held -= jobs.length;
			return jobs;
		},
	};
}

function lookAhead({ window, meanMs }: Lane): number {
	if (meanMs === undefined) return window;
	return Math.min(maxLookAhead, Math.max(window, Math.floor((window * lookAheadMs) / Math.max(1, meanMs))));
}

type Lane = {
	window: number;
	running: number;
	waiting: Job[];
	mayHaveMore: boolean;
	/** How often it was shut and not opened again. */
	shut: number;
	/** How long an attempt takes here, the last ones counting most. */
	meanMs: number | undefined;
};
