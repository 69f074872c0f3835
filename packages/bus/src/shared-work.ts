/** Gives work that is asked for again while it is being done the result of the first time, and does it once. */
export function createSharedWork<T>() {
	const underWay = new Map<string, Promise<T>>();
	return (key: string, work: () => Promise<T>): Promise<T> => {
		const known = underWay.get(key);
		if (known !== undefined) return known;
		const begun = work().finally(() => underWay.delete(key));
		underWay.set(key, begun);
		return begun;
	};
}
