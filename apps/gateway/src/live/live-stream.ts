/**
 * What one open page of a person is told, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 *
 *   ready    it is listened from now on; whatever was read before may be stale. Told again when hints may have been missed
 *   changes  a list of what can be read otherwise now, gathered for a moment. Never what it says: that is read with the person's
 *            own rights, by the operations
 *   beat     nothing happened; without it for long the page takes the connection for dead
 *   ended    the session is over; the stream ends
 *
 * Bounded: what waits is a set of topics and groups, and of too many groups the topic alone. A page that takes nothing is told
 * later, and then no more than that set.
 */
import type { Change, ChangeTopic } from '@chat-manager/contracts';
import type { Clock, Logger, Timer } from '@chat-manager/service';
import type { Listener } from './listeners.ts';

/** How long changes are gathered. */
export const gatherMs = 150;
/** How often something is said at least, and the session looked at. */
export const beatMs = 20_000;
/** So many groups of one topic are named; of more the topic alone. */
const maxGroups = 20;

/** Where events are written to. */
export type Outlet = {
	/** False: it is full, and `onDrain` will say when it is not. */
	write(text: string): boolean;
	onDrain(resume: () => void): void;
	close(): void;
};

export type LiveStream = Listener & { start(): void; stop(): void };

export function createLiveStream(options: {
	userId: string;
	outlet: Outlet;
	/** Whether the session that it was opened with is still there; throws when that is not known. */
	hasSession(): Promise<boolean>;
	clock: Clock;
	logger: Logger;
}): LiveStream {
	const { userId, outlet, hasSession, clock, logger } = options;
	const waiting = new Map<ChangeTopic, Set<string> | 'all'>();
	let isGap = false;
	let isFull = false;
	let isStopped = false;
	let gathering: Timer | undefined;
	let beating: Timer | undefined;

	function say(event: string, data: unknown = {}): void {
		if (isStopped) return;
		if (outlet.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
		isFull = true;
		outlet.onDrain(() => {
			isFull = false;
			gather();
		});
	}

	function gather(): void {
		if (isStopped || gathering !== undefined || isFull || (waiting.size === 0 && !isGap)) return;
		gathering = clock.setTimeout(() => {
			gathering = undefined;
			if (isFull) return;
			const changes = [...waiting].flatMap(toChanges);
			const wasGap = isGap;
			waiting.clear();
			isGap = false;
			if (wasGap) say('ready');
			else say('changes', changes);
		}, gatherMs);
	}

	function beat(): void {
		beating = clock.setTimeout(() => {
			if (!isFull) say('beat');
			recheck();
			beat();
		}, beatMs);
	}

	function recheck(): void {
		hasSession().then(
			(isThere) => {
				if (isThere || isStopped) return;
				say('ended');
				stop();
			},
			(error: unknown) => logger.debug({ err: error, userId }, 'a session could not be looked up'),
		);
	}

	function stop(): void {
		if (isStopped) return;
		isStopped = true;
		clock.clearTimeout(gathering);
		clock.clearTimeout(beating);
		outlet.close();
	}

	return {
		userId,
		start() {
			say('ready');
			beat();
		},
		stop,
		hear({ topic, groupJid }) {
			const groups = waiting.get(topic) ?? new Set();
			if (groupJid === undefined || groups === 'all' || groups.size >= maxGroups) waiting.set(topic, 'all');
			else waiting.set(topic, groups.add(groupJid));
			gather();
		},
		hearGap() {
			isGap = true;
			gather();
		},
		recheck,
	};
}

function toChanges([topic, groups]: readonly [ChangeTopic, ReadonlySet<string> | 'all']): Change[] {
	if (groups === 'all') return [{ topic }];
	return [...groups].map((groupJid) => ({ topic, groupJid }));
}
