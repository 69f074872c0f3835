/** What a page may weigh as JSON: with one more message of the largest kind it still fits into one message of the bus (1 MB). */
const maxBytes = 512 * 1024;

/** The first items, as many as an answer can carry, and one at least. */
export function takeWhatFits<T>(items: readonly T[]): T[] {
	let bytes = 0;
	const tooMany = items.findIndex((item, index) => {
		bytes += Buffer.byteLength(JSON.stringify(item));
		return index > 0 && bytes > maxBytes;
	});
	return tooMany === -1 ? [...items] : items.slice(0, tooMany);
}
