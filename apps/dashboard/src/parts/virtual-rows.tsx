import { useWindowVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

type VirtualRowsProps<Item> = {
	label: string;
	/** The same list until something is new in it, and the same function always: both may be asked for very many rows. */
	items: readonly Item[];
	keyOf: (item: Item) => string;
	render: (item: Item) => ReactNode;
	estimateHeightPx: number;
	/** Called when the end comes near, to load what follows. */
	onNearEnd?: () => void;
};

/** So many rows before the end what follows is loaded. */
const loadAhead = 40;

/** A list of which only what can be seen is in the page, however long it is. It scrolls with the page. */
export function VirtualRows<Item>(props: VirtualRowsProps<Item>) {
	const { label, items, keyOf, render, estimateHeightPx, onNearEnd } = props;
	const list = useRef<HTMLUListElement>(null);
	const [offsetPx, setOffsetPx] = useState(0);
	useLayoutEffect(() => {
		const top = list.current?.getBoundingClientRect().top ?? 0;
		setOffsetPx(top + window.scrollY);
	}, []);
	// Whenever this is another function, all rows are measured anew.
	const getItemKey = useCallback(
		(index: number) => {
			const item = items[index];
			return item === undefined ? index : keyOf(item);
		},
		[items, keyOf],
	);
	const virtualizer = useWindowVirtualizer({
		count: items.length,
		estimateSize: () => estimateHeightPx,
		getItemKey,
		overscan: 8,
		scrollMargin: offsetPx,
	});
	const rows = virtualizer.getVirtualItems();
	useSteadyView(virtualizer, items[0] === undefined ? undefined : keyOf(items[0]));
	const lastIndex = rows.at(-1)?.index ?? -1;
	useEffect(() => {
		if (lastIndex >= items.length - loadAhead) onNearEnd?.();
	}, [lastIndex, items.length, onNearEnd]);
	return (
		<ul ref={list} className="virtual" aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
			{rows.map(({ index, key, start }) => {
				const item = items[index];
				if (item === undefined) return null;
				return (
					<li
						key={key}
						ref={virtualizer.measureElement}
						data-index={index}
						aria-setsize={items.length}
						aria-posinset={index + 1}
						style={{ transform: `translateY(${start - offsetPx}px)` }}
					>
						{render(item)}
					</li>
				);
			})}
		</ul>
	);
}

/** Keeps what is being read where it is on the screen when something new comes in above it. */
function useSteadyView(virtualizer: Virtualizer<Window, Element>, firstKey: string | undefined): void {
	const before = useRef<{ firstKey: string | undefined; key: unknown; startPx: number }>(undefined);
	useLayoutEffect(() => {
		const { scrollY } = window;
		const seen = before.current;
		if (seen !== undefined && seen.firstKey !== firstKey && scrollY > virtualizer.options.scrollMargin) {
			const row = virtualizer.measurementsCache.find(({ key }) => key === seen.key);
			if (row !== undefined) window.scrollBy({ top: row.start - seen.startPx, behavior: 'instant' });
		}
		const top = virtualizer.getVirtualItems().find(({ end }) => end > window.scrollY);
		before.current = top && { firstKey, key: top.key, startPx: top.start };
	});
}
