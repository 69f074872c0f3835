import { z } from 'zod';

/** Chance that can be repeated: the seed is printed with what fails (mulberry32). */
export type Random = {
	/** From 0 to below 1. */
	next(): number;
	below(limit: number): number;
	pick<T>(items: readonly T[]): T;
	some<T>(items: readonly T[]): T[];
	chance(probability: number): boolean;
};

export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (limit: number) => Math.floor(next() * limit);
	return {
		next,
		below,
		pick<T>(items: readonly T[]): T {
			const item = items[below(items.length)];
			if (item === undefined) throw new Error('Nothing to pick from');
			return item;
		},
		some: (items) => items.filter(() => next() < 0.5),
		chance: (probability) => next() < probability,
	};
}

const settings = z.object({
	CM_FULL: z.stringbool().default(false),
	CM_FUZZ_SEED: z.coerce.number().int().min(0).optional(),
});

/** `npm run test:full` runs all cases; CM_FUZZ_SEED repeats a run that failed, which has printed its seed. */
export function readRun(): { readonly isFull: boolean; readonly seed: number } {
	// biome-ignore lint/style/noProcessEnv: how much a test run takes on is no setting of a service.
	const { CM_FULL, CM_FUZZ_SEED } = settings.parse(process.env);
	return { isFull: CM_FULL, seed: CM_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31) };
}
