/**
 * A map that keeps the entries that were set or read last. Every socket has its own, so an empty one must cost nothing: an
 * `LRUCache` sets its whole room aside at once, hundreds of kilobytes for 20,000 entries.
 */
export function createRecentMap<Value>(max: number) {
	const entries = new Map<string, Value>();
	function set(key: string, value: Value): void {
		entries.delete(key);
		entries.set(key, value);
		const [oldest] = entries.size > max ? entries.keys() : [];
		if (oldest !== undefined) entries.delete(oldest);
	}
	return {
		set,
		get(key: string): Value | undefined {
			const value = entries.get(key);
			if (value !== undefined) set(key, value);
			return value;
		},
	};
}
