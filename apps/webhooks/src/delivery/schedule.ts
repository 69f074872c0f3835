const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long after a failed attempt the next one follows: twelve attempts over about three days. */
const delaysMs: readonly number[] = [
	5 * second,
	30 * second,
	2 * minute,
	10 * minute,
	30 * minute,
	hour,
	3 * hour,
	6 * hour,
	12 * hour,
	24 * hour,
	24 * hour,
];
/** Up to so much is added to or taken from a delay, so that what failed together does not come back together. */
const jitter = 0.1;
const maxRetryAfterMs = 24 * hour;

/**
 * How long to wait after a failed attempt; undefined when it was the last. An endpoint that asks for more time (`Retry-After`)
 * gets it, up to a day.
 *
 * @param made attempts made so far, 1 or more.
 * @param random in [0, 1).
 */
export function retryDelayMs(
	{ made, retryAfter, now }: { made: number; retryAfter: string | undefined; now: number },
	random: () => number = Math.random,
): number | undefined {
	const delayMs = delaysMs[made - 1];
	if (delayMs === undefined) return undefined;
	const scheduledMs = delayMs * (1 - jitter + 2 * jitter * random());
	const askedMs = Math.min(parseRetryAfter(retryAfter, now) ?? 0, maxRetryAfterMs);
	return Math.round(Math.max(scheduledMs, askedMs));
}

/**
 * Both forms of RFC 9110, 10.2.3: seconds, or a date. Milliseconds from now; undefined for anything else.
 *
 * @param now milliseconds since the epoch.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
	const text = value?.trim() ?? '';
	if (/^\d{1,10}$/.test(text)) return Number(text) * second;
	// Only a date by name: Date.parse understands "-1" and much else too.
	const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
