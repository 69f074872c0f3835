/** All items of a list that comes in pages. */
export async function everyPage<Item>(
	page: (cursor: string | undefined) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
	const all: Item[] = [];
	let cursor: string | undefined;
	do {
		const { items, nextCursor } = await page(cursor);
		all.push(...items);
		cursor = nextCursor ?? undefined;
	} while (cursor !== undefined);
	return all;
}
