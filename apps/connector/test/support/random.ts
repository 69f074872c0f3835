/** A random sequence that a seed repeats (mulberry32). The seed is printed, so that a failed run can be had again: CM_SEED. */
export function createRandom() {
	// biome-ignore lint/style/noProcessEnv: how a test run is repeated is no setting of a service.
	const seed = Number(process.env.CM_SEED ?? Math.floor(Math.random() * 2 ** 32));
	process.stdout.write(`CM_SEED=${seed}\n`);
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	return {
		shuffle<T>(items: readonly T[]): T[] {
			const keyed = items.map((item) => ({ item, key: next() }));
			return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
		},
	};
}
