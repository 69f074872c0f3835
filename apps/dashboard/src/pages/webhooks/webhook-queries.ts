import { contract } from '@chat-manager/contracts';
import type { z } from 'zod';
import { query } from '../../api/ask.ts';
import { pagedQuery } from '../../api/paged-query.ts';

const { webhooks, deliveries } = contract.webhooks;

export type Webhook = z.output<typeof webhooks.list.output>['webhooks'][number];
export type Delivery = z.output<typeof deliveries.list.output>['deliveries'][number];

export const deliveryStates = deliveries.list.input.shape.state.unwrap().options;

export const webhooksQuery = query(webhooks.list, {});

/** Deliveries of an endpoint, newest first. */
export const deliveriesQuery = (webhookId: string, state: Delivery['state'] | undefined) => {
	const filter = state === undefined ? { webhookId } : { webhookId, state };
	return pagedQuery({
		operation: deliveries.list,
		inputOf: (cursor) => (cursor === null ? filter : { ...filter, cursor }),
		itemsOf: (page) => page.deliveries,
		withItems: (page, items) => ({ ...page, deliveries: [...items] }),
		idOf: ({ id }) => id,
	});
};

/** One delivery with its body and every attempt. */
export const deliveryQuery = (id: string) => query(deliveries.get, { id });
