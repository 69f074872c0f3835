import { contract } from '@chat-manager/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf, query } from '../../api/ask.ts';

const { webhooks, deliveries } = contract.webhooks;

export type Webhook = z.output<typeof webhooks.list.output>['webhooks'][number];
export type Delivery = z.output<typeof deliveries.list.output>['deliveries'][number];

export const webhooksQuery = queryOptions({ ...query(webhooks.list, {}), refetchInterval: 5_000 });

/** Deliveries of an endpoint, newest first; they move by themselves while the first page is all that is open. */
export const deliveriesQuery = (webhookId: string) =>
	infiniteQueryOptions({
		queryKey: [...keyOf(deliveries.list), { webhookId }],
		queryFn: ({ pageParam, signal }) =>
			ask(deliveries.list, pageParam === null ? { webhookId } : { webhookId, cursor: pageParam }, signal),
		initialPageParam: null as string | null,
		getNextPageParam: ({ nextCursor }) => nextCursor,
		refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 2_000 : false),
	});

/** One delivery with its body and every attempt. */
export const deliveryQuery = (id: string) =>
	queryOptions({ ...query(deliveries.get, { id }), refetchInterval: 2_000 });
