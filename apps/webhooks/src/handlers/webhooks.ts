import { randomBytes } from 'node:crypto';
import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
	type EventType,
	webhookEventTypes,
} from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { deleteEndpoint, type Endpoint, insertEndpoint, listEndpoints } from '../database/endpoints.ts';
import { createSecret } from '../delivery/sign.ts';
import { secretPlace } from '../places.ts';
import { assertDestination } from './assert-destination.ts';

/** Every event of a user is offered to each of the user's endpoints: there must be an end to them. */
const maxEndpoints = 100;

export const webhooks: DomainHandlers<Contract['webhooks']['webhooks'], WebhooksContext> = {
	async list({ db }, _input, call) {
		return { webhooks: (await listEndpoints(db, call)).map(toWebhook) };
	},

	async add(context, { url, name, events, groups }, call) {
		const { db, clock, vault } = context;
		const allowedGroups = withinLimit(call, groups);
		await assertDestination(context, url);
		const { userId } = call;
		const id = `whk_${randomBytes(16).toString('base64url')}`;
		const secret = createSecret();
		const sealed = await vault.seal(secretPlace(userId, id), Buffer.from(secret));
		const at = new Date(clock.now());
		assertInTime(call, at.getTime());
		const wanted = [...new Set(events)];
		const endpoint = { id, userId, url, name, events: wanted, groups: allowedGroups, secret: sealed, at };
		if (!(await insertEndpoint(db, endpoint, maxEndpoints)))
			throw new AppError(
				'invalid_input',
				`There are ${maxEndpoints} webhooks already, which is the most an account may have. Delete one with delete_webhook first.`,
			);
		return {
			...toWebhook({ ...endpoint, created_at: at, last_delivery_at: null }),
			secret,
		};
	},

	async delete({ db, clock }, { id }, call) {
		assertInTime(call, clock.now());
		if (!(await deleteEndpoint(db, call, id)))
			throw new AppError(
				'webhook_not_found',
				'There is no webhook with this id. Call list_webhooks for the ids that exist.',
			);
		return { id, deleted: true };
	},
};

/** What a limited token may hear of is what it may make a webhook for; without a choice of its own that is its limit. */
function withinLimit(call: Call, wanted: readonly string[] | null): string[] | null {
	const groups = wanted === null ? call.groups : [...new Set(wanted)];
	if (groups === null) return null;
	if (call.groups !== null && !groups.every((jid) => call.groups?.includes(jid)))
		throw new AppError(
			'forbidden',
			'This token is limited to some of your groups, and not all of these are among them. Name only groups that list_starred_groups shows, or none for all of them.',
		);
	return [...groups];
}

function toWebhook({ id, url, name, events, groups, created_at, last_delivery_at }: Endpoint) {
	return {
		id,
		url,
		name,
		events: events.filter(isKnown),
		groups,
		createdAt: created_at.toISOString(),
		lastDeliveryAt: last_delivery_at?.toISOString() ?? null,
	};
}

/** A type that the contract no longer has is not shown. */
function isKnown(type: string): type is EventType {
	return webhookEventTypes.some((known) => known === type);
}
