/** The one in the middle; of an even number the lower of the two. NaN for none. */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** The value below which so large a share lies, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
