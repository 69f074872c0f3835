import type { Operation } from '@chat-manager/contracts';
import { type InfiniteData, infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf } from './ask.ts';

type Page = { nextCursor: string | null };
type Pages<P> = InfiniteData<P, string | null>;

/**
 * A list that comes in pages, newest first, and may be very long. When something is new, only its beginning is read again:
 * what was loaded below stays.
 */
export function pagedQuery<In extends z.ZodObject, Out extends z.ZodObject, Item>(options: {
	operation: Operation<In, Out>;
	/** The input of a page; null for the first. */
	inputOf: (cursor: string | null) => z.input<In>;
	itemsOf: (page: z.output<Out>) => readonly Item[];
	withItems: (page: z.output<Out>, items: readonly Item[]) => z.output<Out>;
	idOf: (item: Item) => string;
}) {
	const { operation, inputOf, itemsOf, withItems, idOf } = options;
	const queryKey = [...keyOf(operation), inputOf(null)] as const;
	const load = (cursor: string | null, signal?: AbortSignal) => ask(operation, inputOf(cursor), signal);
	return infiniteQueryOptions({
		queryKey,
		queryFn: ({ pageParam, signal }) => load(pageParam, signal),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => cursorOf(page),
		// Comparing all of a long list with itself after each page would cost more than showing it.
		structuralSharing: false,
		meta: {
			async refreshHead(client: QueryClient) {
				const head = await load(null);
				// A page that comes is put below what was there when it was asked for: it would take the new beginning away again.
				const query = client.getQueryCache().find({ queryKey, exact: true });
				while (query?.state.fetchStatus === 'fetching') await query.promise?.catch(() => undefined);
				client.setQueryData<Pages<z.output<Out>>>(queryKey, (old) => old && withHead(old, head));
			},
		},
	});

	function withHead(old: Pages<z.output<Out>>, head: z.output<Out>): Pages<z.output<Out>> {
		const [first, ...others] = old.pages;
		const fresh = itemsOf(head);
		const last = fresh.at(-1);
		const known = first === undefined ? [] : itemsOf(first);
		const place = last === undefined ? -1 : known.findIndex((item) => idOf(item) === idOf(last));
		// More is new than fits into a page: what is below cannot be joined to it.
		if (first === undefined || place < 0) return { pages: [head], pageParams: [null] };
		const rest = known.slice(place + 1);
		const joined = { ...withItems(head, [...fresh, ...rest]), nextCursor: cursorOf(first) };
		return { pages: [joined, ...others], pageParams: old.pageParams };
	}
}

function cursorOf(page: unknown): string | null {
	return (page as Page).nextCursor;
}
