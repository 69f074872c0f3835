import { givenSeed } from './settings.ts';

/** Chance that can be repeated. */
export type Random = {
	readonly seed: number;
	/** From 0 to below 1. */
	next(): number;
	/** A whole number from 0 to below the limit. */
	below(limit: number): number;
	chance(probability: number): boolean;
	/** One of them; throws when there are none. */
	pick<T>(items: readonly T[]): T;
	/** Each of them with a chance of a half. */
	some<T>(items: readonly T[]): T[];
	shuffle<T>(items: readonly T[]): T[];
};

/**
 * A sequence that its seed repeats (mulberry32). Without a seed it takes that of `CM_SEED`, or a new one, and prints
 * it, so that a run that failed can be had again.
 */
export function createRandom(seed?: number): Random {
	const used = seed ?? givenSeed ?? Math.floor(Math.random() * 2 ** 32);
	if (seed === undefined) process.stdout.write(`CM_SEED=${used}\n`);
	let state = used >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number) => Math.floor(next() * limit);
	return {
		seed: used,
		next,
		below,
		chance: (probability) => next() < probability,
		pick(items) {
			const item = items[below(items.length)];
			if (item === undefined) throw new Error('There is nothing to pick from');
			return item;
		},
		some: (items) => items.filter(() => next() < 0.5),
		shuffle<T>(items: readonly T[]): T[] {
			const keyed = items.map((item) => ({ item, key: next() }));
			return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
		},
	};
}
