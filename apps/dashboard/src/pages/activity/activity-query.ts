import { contract } from '@chat-manager/contracts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';

const { list } = contract.gateway.audit;

export type AuditCall = z.output<typeof list.output>['entries'][number];
export type AuditFilter = { readonly tokenId?: string; readonly outcome?: string };

/** What the tokens did, newest first; new calls come by themselves while the first page is all that is open. */
export const activityQuery = (filter: AuditFilter) =>
	infiniteQueryOptions({
		queryKey: [...keyOf(list), filter],
		queryFn: ({ pageParam, signal }) =>
			ask(list, pageParam === null ? filter : { ...filter, cursor: pageParam }, signal),
		initialPageParam: null as string | null,
		getNextPageParam: ({ nextCursor }) => nextCursor,
		refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 4_000 : false),
	});
