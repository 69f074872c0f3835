import {
	AppError,
	type Call,
	type Contract,
	type EventType,
	webhookEventTypes,
} from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { type Endpoint, findEndpoint } from '../database/endpoints.ts';

type Webhook = Contract['webhooks']['webhooks']['pause']['output']['_zod']['output'];

/** Throws `webhook_not_found`, in the same words for one that does not exist and one of somebody else. */
export async function findWebhook(
	{ db }: Pick<WebhooksContext, 'db'>,
	call: Call,
	id: string,
): Promise<Endpoint> {
	return found(await findEndpoint(db, call, id));
}

export function found(endpoint: Endpoint | undefined): Endpoint {
	if (endpoint !== undefined) return endpoint;
	throw new AppError(
		'webhook_not_found',
		'There is no webhook with this id. Call list_webhooks for the ids that exist.',
	);
}

/** Throws `webhook_not_active`: what is posted to it now would not be posted. */
export function assertActive(endpoint: Endpoint): void {
	const { status } = toWebhook(endpoint);
	if (status === 'active') return;
	throw new AppError(
		'webhook_not_active',
		`This webhook is ${status}, so nothing is posted to it. Resume it first, then try again.`,
	);
}

export function toWebhook(endpoint: Endpoint): Webhook {
	const { id, url, name, events, groups } = endpoint;
	const { created_at, last_delivery_at, disabled_at, disabled_reason, paused_at, failing_since } = endpoint;
	return {
		id,
		url,
		name,
		events: events.filter(isKnown),
		groups,
		createdAt: created_at.toISOString(),
		lastDeliveryAt: last_delivery_at?.toISOString() ?? null,
		status: disabled_at !== null ? 'disabled' : paused_at !== null ? 'paused' : 'active',
		disabledReason: disabled_reason,
		failingSince: failing_since?.toISOString() ?? null,
	};
}

/** A type that the contract no longer has is not shown. */
function isKnown(type: string): type is EventType {
	return webhookEventTypes.some((known) => known === type);
}
