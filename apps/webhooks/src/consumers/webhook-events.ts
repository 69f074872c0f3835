import type { BusEvent, EventConsumer, ReceivedEvent } from '@chat-manager/bus';
import { webhookEventTypes } from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { type Subscription, selectSubscriptions } from '../database/endpoints.ts';
import { recordDeliveries, type WantedEvent } from '../database/record-deliveries.ts';
import { bodyPlace } from '../places.ts';
import { renderBody } from './render-body.ts';

/** What is posted to endpoints. */
export const posted: EventConsumer = {
	durable: 'webhooks',
	types: [...webhookEventTypes, 'account.deleted'],
};

/**
 * Writes down what is to be delivered: each event that at least one endpoint of its user wants, with its body, and a delivery
 * for each of those endpoints. A repeat of an event adds nothing, in the same batch or years later. Gives
 * whose deliveries there are more of.
 */
export async function recordWebhookEvents(
	context: WebhooksContext,
	events: readonly ReceivedEvent[],
): Promise<readonly { userId: string }[]> {
	const { db, clock, vault, wake } = context;
	const userIds = [...new Set(events.map(({ userId }) => userId))];
	const subscriptions = await selectSubscriptions(db, userIds);
	const wanted = events.flatMap((event) => {
		const endpointIds = subscriptions.filter((one) => wants(one, event)).map(({ id }) => id);
		return endpointIds.length === 0 ? [] : [{ event, endpointIds }];
	});
	if (wanted.length === 0) return [];
	const rows = await Promise.all(
		wanted.map(async ({ event, endpointIds }): Promise<WantedEvent> => {
			const { id, userId, type, at, groupJid = null, trace } = event;
			const body = await vault.seal(bodyPlace(userId, id), await renderBody(context, event));
			return { id, userId, type, at: new Date(at), groupJid, body, trace, endpointIds };
		}),
	);
	wake(await recordDeliveries(db, rows, new Date(clock.now())));
	return rows;
}

/** An endpoint for some groups hears nothing of what belongs to no group. */
function wants({ userId, events, groups }: Subscription, event: BusEvent): boolean {
	return (
		userId === event.userId &&
		events.includes(event.type) &&
		(groups === null || (event.groupJid !== undefined && groups.includes(event.groupJid)))
	);
}
