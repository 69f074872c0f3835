/** One figure, measured beside its limit in the same run: absolute numbers of a busy machine say little. */
export type Figure = {
	name: string;
	/** What was measured of ours, and of what it is held against. */
	value: number;
	/** Null for a figure that stands for itself: then it has no ratio either. */
	limit: number | null;
	unit: string;
	ratio: number | null;
	/** What the ratio must not exceed (`<=`), or must reach (`>=`); null where nothing was set. */
	target: Target | null;
	met: boolean | null;
};

type Target = { compare: '<=' | '>='; ratio: number };

export type Bench = {
	name: string;
	/** In one sentence: what is measured on both sides. */
	summary: string;
	run(report: (line: string) => void): Promise<Figure[]>;
};

export function figure(entry: {
	name: string;
	value: number;
	limit?: number;
	unit: string;
	target?: Target;
}): Figure {
	const { name, value, limit = null, unit, target = null } = entry;
	const ratio = limit === null ? null : value / limit;
	return { name, value, limit, unit, ratio, target, met: isMet(ratio, target) };
}

/** A ratio that is no number (nothing was measured) meets nothing. */
function isMet(ratio: number | null, target: Target | null): boolean | null {
	if (ratio === null || target === null) return null;
	return target.compare === '<=' ? ratio <= target.ratio : ratio >= target.ratio;
}
