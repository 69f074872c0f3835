import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

type VirtualRowsProps<Item> = {
	label: string;
	items: readonly Item[];
	keyOf: (item: Item) => string;
	render: (item: Item) => ReactNode;
	estimateHeightPx: number;
	/** Called when the end comes near, to load what follows. */
	onNearEnd?: () => void;
};

/** A list of which only what can be seen is in the page, however long it is. It scrolls with the page. */
export function VirtualRows<Item>(props: VirtualRowsProps<Item>) {
	const { label, items, keyOf, render, estimateHeightPx, onNearEnd } = props;
	const list = useRef<HTMLUListElement>(null);
	const [offsetPx, setOffsetPx] = useState(0);
	useLayoutEffect(() => {
		const top = list.current?.getBoundingClientRect().top ?? 0;
		setOffsetPx(top + window.scrollY);
	}, []);
	const virtualizer = useWindowVirtualizer({
		count: items.length,
		estimateSize: () => estimateHeightPx,
		getItemKey: (index) => {
			const item = items[index];
			return item === undefined ? index : keyOf(item);
		},
		overscan: 8,
		scrollMargin: offsetPx,
	});
	const rows = virtualizer.getVirtualItems();
	const lastIndex = rows.at(-1)?.index ?? -1;
	useEffect(() => {
		if (lastIndex >= items.length - 10) onNearEnd?.();
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
