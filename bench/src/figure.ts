/** One figure, measured beside its limit in the same run: absolute numbers of a busy machine say little. */
export type Figure = {
	name: string;
	/** What was measured of ours, and of what it is held against. */
	value: number;
	limit: number;
	unit: string;
	ratio: number;
	/** What the ratio must not exceed (`<=`), or must reach (`>=`). */
	target: { compare: '<=' | '>='; ratio: number };
	met: boolean;
};

export type Bench = {
	name: string;
	/** In one sentence: what is measured on both sides. */
	summary: string;
	run(report: (line: string) => void): Promise<Figure[]>;
};

export function figure(entry: Omit<Figure, 'ratio' | 'met'>): Figure {
	const ratio = entry.value / entry.limit;
	const met = entry.target.compare === '<=' ? ratio <= entry.target.ratio : ratio >= entry.target.ratio;
	return { ...entry, ratio, met };
}
