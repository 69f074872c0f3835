/** Random numbers that a seed repeats (mulberry32). */
export type Random = {
	/** 0 to `below` - 1. */
	number(below: number): number;
	pick<Item>(items: readonly Item[]): Item;
	bytes(length: number): Buffer;
	/** True once in `times` calls. */
	once(times: number): boolean;
};

export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}
	const number = (below: number) => Math.floor(next() * below);
	return {
		number,
		pick(items) {
			const item = items[number(items.length)];
			if (item === undefined) throw new RangeError('There is nothing to pick from.');
			return item;
		},
		bytes: (length) => Buffer.from(Array.from({ length }, () => number(256))),
		once: (times) => number(times) === 0,
	};
}
