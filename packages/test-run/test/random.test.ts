import { expect, it } from 'vitest';
import { createRandom } from '../src/index.ts';

it('is repeated by its seed', () => {
	const drawn = (seed: number) => {
		const random = createRandom(seed);
		return [
			random.below(1_000),
			random.shuffle(['a', 'b', 'c', 'd', 'e']),
			random.pick([1, 2, 3]),
			random.next(),
		];
	};
	expect(drawn(7)).toEqual(drawn(7));
	expect(drawn(7)).not.toEqual(drawn(8));
});

it('gives every item its chance, and says when there is none', () => {
	const random = createRandom(1);
	const items = [1, 2, 3, 4];
	expect(new Set(Array.from({ length: 200 }, () => random.pick(items)))).toEqual(new Set(items));
	expect(random.shuffle(items).sort()).toEqual(items);
	expect(() => random.pick([])).toThrow('nothing to pick');
});
