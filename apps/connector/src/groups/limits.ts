/**
 * How fast one account asks WhatsApp about groups, changes them and writes in them. Too fast, and WhatsApp answers 429 to
 * everything, or restricts the account; so its own signals are obeyed, and whoever would have to wait is told how long.
 *
 *   questions   a token bucket of their own
 *   changes     one after the other, from a second bucket; people who are added count in a third
 *   messages    a fourth bucket
 *   429         to a question or a change: none of both for a minute, twice as long each time it comes again; to a message:
 *               none of those
 *   463 to an addition, or a whole batch of people who do not let themselves be added: nobody is added for ten minutes,
 *               then longer
 *   463 to a message: nothing is sent for ten minutes, then longer
 *   the notice of a reach-out time-lock: both, until the time that it names or the notice that it is over
 *
 * Kept in memory: it is the one connector that holds the socket which asks.
 */
import { AppError } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import { limits as hit } from '../metrics.ts';
import { whatsappCode } from '../whatsapp/query.ts';
import { createPause, type Pause } from './pause.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

export type LimitSettings = {
	queriesPerMinute: number;
	changesPerMinute: number;
	addsPerHour: number;
	messagesPerMinute: number;
};

export type Limits = {
	/** Runs a question. Throws `whatsapp_rate_limited`, without asking, when it is not the time for it. */
	look<T>(query: () => Promise<T>): Promise<T>;
	/** Runs a change when those before it are done; `adds`: how many people are added by it. Throws as `look` does. */
	change<T>(query: () => Promise<T>, adds?: number): Promise<T>;
	/** Nobody is to be added for a while; answers how long. */
	restrictAdding(): number;
	/** Throws `whatsapp_rate_limited` when it is not the time for a message. */
	passMessage(): void;
	/** What WhatsApp said to a message: null when it took it, else its code. Answers when to try again, where that is known. */
	noteMessage(code: string | null): number | undefined;
	/** Until when (milliseconds since the epoch) WhatsApp does not let the account reach out; null: it does again. */
	restrictUntil(at: number | null): void;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function createLimits({ clock, settings }: { clock: Clock; settings: LimitSettings }): Limits {
	const { queriesPerMinute, changesPerMinute, addsPerHour, messagesPerMinute } = settings;
	const bucket = (capacity: number, refill: number, perMs: number) =>
		createTokenBucket({ clock, capacity, refill, perMs });
	const queries = bucket(2 * queriesPerMinute, queriesPerMinute, minuteMs);
	const changes = bucket(2 * changesPerMinute, changesPerMinute, minuteMs);
	const adds = bucket(addsPerHour, addsPerHour, hourMs);
	const messages = bucket(2 * messagesPerMinute, messagesPerMinute, minuteMs);
	const slowDown = createPause({ clock, firstMs: minuteMs, longestMs: 16 * minuteMs });
	const restriction = createPause({ clock, firstMs: 10 * minuteMs, longestMs: 16 * hourMs });
	const sendSlowly = createPause({ clock, firstMs: minuteMs, longestMs: 16 * minuteMs });
	const silence = createPause({ clock, firstMs: 10 * minuteMs, longestMs: 16 * hourMs });
	let lastChange: Promise<unknown> = Promise.resolve();

	/** Reads WhatsApp's signals off what a query ends with. */
	async function observe<T>(query: () => Promise<T>, isAdding: boolean): Promise<T> {
		try {
			const value = await query();
			slowDown.end();
			if (isAdding) restriction.end();
			return value;
		} catch (error) {
			const code = whatsappCode(error);
			if (code === 429 || code === 463) hit.add({ limit: String(code) });
			if (code === 429) throw rateLimited(slowDown.begin(), slowDownWords, error);
			if (code === 463) throw rateLimited(restriction.begin(), restrictionWords, error);
			throw error;
		}
	}

	return {
		async look(query) {
			pass(slowDown, slowDownWords);
			spend(queries, 1, 'Your groups were looked up too often in a short time.');
			return observe(query, false);
		},
		change(query, people = 0) {
			const turn = lastChange.then(() => {
				pass(slowDown, slowDownWords);
				if (people > 0) pass(restriction, restrictionWords);
				spend(changes, 1, 'Your groups were changed too often in a short time.');
				spend(adds, people, 'Enough people were added for now; more at once gets accounts restricted.');
				return observe(query, people > 0);
			});
			lastChange = turn.catch(() => {});
			return turn;
		},
		restrictAdding: () => restriction.begin(),
		passMessage() {
			pass(sendSlowly, slowDownWords);
			pass(silence, restrictionWords);
			spend(messages, 1, 'Many messages were sent in a short time.');
		},
		noteMessage(code) {
			if (code === '429' || code === '463') hit.add({ limit: code });
			if (code === '429') return sendSlowly.begin();
			if (code === '463') return silence.begin();
			if (code === null) for (const pause of [sendSlowly, silence]) pause.end();
			return undefined;
		},
		restrictUntil(at) {
			if (at !== null) hit.add({ limit: 'time_lock' });
			for (const pause of [restriction, silence]) {
				if (at === null) pause.lift();
				else pause.until(at);
			}
		},
	};
}

const slowDownWords = 'WhatsApp asks this account to slow down.';
const restrictionWords = 'WhatsApp does not let this account reach out to people at the moment.';

function pass(pause: Pause, words: string): void {
	const remainingMs = pause.remainingMs();
	if (remainingMs <= 0) return;
	hit.add({ limit: 'paused' });
	throw rateLimited(remainingMs, words);
}

function spend(bucket: TokenBucket, count: number, words: string): void {
	const waitMs = bucket.take(count);
	if (waitMs <= 0) return;
	hit.add({ limit: 'own' });
	throw rateLimited(waitMs, words);
}

function rateLimited(retryAfterMs: number, words: string, cause?: unknown): AppError {
	const seconds = Math.ceil(retryAfterMs / 1000);
	return new AppError(
		'whatsapp_rate_limited',
		`${words} Nothing was done; try again in ${seconds} seconds, not before.`,
		{ retryAfterMs, cause },
	);
}
