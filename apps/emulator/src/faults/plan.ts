import type { FaultInput } from './fault.ts';

export type PlanOptions = {
	readonly seed: number;
	/** How many faults. */
	readonly count: number;
	/** Only for the devices of this number, or for this device. */
	readonly device?: string | undefined;
};

const MAX_SKIP = 25;
const QUERIES = ['w:g2', 'usync', 'encrypt', 'privacy', 'w:p', undefined] as const;
const CODES = [403, 404, 429, 500, 503] as const;
const STREAM_CODES = [500, 503, 515] as const;

/** Faults drawn by lot. The same seed gives the same plan, on every machine and in every version of Node. */
export function planFaults({ seed, count, device }: PlanOptions): FaultInput[] {
	const random = createRandom(seed);
	const number = (below: number) => Math.floor(random() * below);
	const pick = <const Item>(items: readonly [Item, ...Item[]]): Item =>
		items[number(items.length)] ?? items[0];
	const query = () => {
		const xmlns = pick(QUERIES);
		return { tag: 'iq', ...(xmlns === undefined ? {} : { xmlns }) };
	};
	const moment = () => pick(['before', 'after'] as const);
	const outgoing = () => ({ tag: pick(['message', 'notification', 'receipt']) });
	const kinds: readonly [() => FaultInput, ...(() => FaultInput)[]] = [
		() => ({ kind: 'error', match: query(), code: pick(CODES) }),
		() => ({ kind: 'error', match: { tag: 'message' }, code: pick([403, 463, 479, 500]) }),
		() => ({ kind: 'silence', match: query(), handled: random() < 0.5 }),
		() => ({ kind: 'silence', match: { tag: 'message' }, handled: true }),
		() => ({ kind: 'delay', match: query(), delayMs: 100 + number(2900) }),
		() => ({ kind: 'drop', match: { tag: pick(['iq', 'message', 'receipt']) }, moment: moment() }),
		() => ({ kind: 'drop', match: outgoing(), direction: 'sent', moment: moment() }),
		() => ({ kind: 'stream-error', match: {}, code: pick(STREAM_CODES), moment: moment() }),
		() => ({ kind: 'login-failure', code: pick([429, 503]) }),
		() => ({ kind: 'duplicate', match: outgoing() }),
		() => ({ kind: 'reorder', match: outgoing() }),
		() => ({ kind: 'lose', match: outgoing() }),
	];
	return Array.from({ length: count }, () => {
		const fault = pick(kinds)();
		const when = { skip: number(MAX_SKIP), ...(device === undefined ? {} : { device }) };
		return { ...fault, ...when } as FaultInput;
	});
}

/** Mulberry32: small, fast, and the same everywhere. */
function createRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
