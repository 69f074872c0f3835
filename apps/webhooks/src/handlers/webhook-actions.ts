import { randomBytes } from 'node:crypto';
import { assertInTime, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import { renderBody } from '../consumers/render-body.ts';
import type { WebhooksContext } from '../context.ts';
import { findDeliveryOf } from '../database/deliveries.ts';
import { pauseEndpoint, resumeEndpoint } from '../database/endpoint-changes.ts';
import { recordDeliveries } from '../database/record-deliveries.ts';
import { bodyPlace } from '../places.ts';
import { assertActive, findWebhook, found, toWebhook } from './find-webhook.ts';

type Webhooks = DomainHandlers<Contract['webhooks']['webhooks'], WebhooksContext>;

export const webhookActions: Pick<Webhooks, 'pause' | 'resume' | 'test'> = {
	async pause({ db, clock }, { id }, call) {
		const endpoint = await findWebhook({ db }, call, id);
		if (toWebhook(endpoint).status === 'disabled') assertActive(endpoint);
		assertInTime(call, clock.now());
		return toWebhook(found(await pauseEndpoint(db, call, id, new Date(clock.now()))));
	},

	async resume({ db, clock, wake }, { id }, call) {
		assertInTime(call, clock.now());
		const endpoint = found(await resumeEndpoint(db, call, id));
		wake([id]);
		return toWebhook(endpoint);
	},

	/** Goes the way of every event: it is on the ledger, signed, and tried again when it fails. */
	async test(context, { id: webhookId }, call) {
		const { db, clock, vault, wake } = context;
		assertActive(await findWebhook(context, call, webhookId));
		const { userId } = call;
		const now = new Date(clock.now());
		const id = `test-${randomBytes(12).toString('base64url')}`;
		const event = { id, type: 'webhook.test' as const, at: now.toISOString(), userId, data: { webhookId } };
		const body = await vault.seal(bodyPlace(userId, id), await renderBody(context, event));
		assertInTime(call, clock.now());
		const wanted = {
			id,
			userId,
			type: event.type,
			at: now,
			groupJid: null,
			trace: null,
			body,
			endpointIds: [webhookId],
		};
		wake(await recordDeliveries(db, [wanted], now));
		const deliveryId = await findDeliveryOf(db, { userId, endpointId: webhookId, eventId: id });
		return { deliveryId: String(deliveryId ?? found(undefined).id) };
	},
};
