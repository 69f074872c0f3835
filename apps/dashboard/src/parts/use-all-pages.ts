import { useMemo } from 'react';

/** The items of all pages as one list, which stays the same one until there is something new: lists may be very long. */
export function useAllPages<Page, Item>(
	pages: readonly Page[] | undefined,
	itemsOf: (page: Page) => readonly Item[],
): readonly Item[] {
	return useMemo(() => pages?.flatMap(itemsOf) ?? [], [pages, itemsOf]);
}
