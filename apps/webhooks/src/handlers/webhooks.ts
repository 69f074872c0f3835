import { randomBytes } from 'node:crypto';
import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
} from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { rotateSecret, updateEndpoint } from '../database/endpoint-changes.ts';
import { deleteEndpoint, insertEndpoint, listEndpoints } from '../database/endpoints.ts';
import { createSecret } from '../delivery/sign.ts';
import { secretPlace } from '../places.ts';
import { assertDestination } from './assert-destination.ts';
import { found, toWebhook } from './find-webhook.ts';
import { webhookActions } from './webhook-actions.ts';

/** Every event of a user is offered to each of the user's endpoints: there must be an end to them. */
const maxEndpoints = 100;
/** How long a replaced secret signs too. */
export const oldSecretMs = 24 * 3_600_000;

export const webhooks: DomainHandlers<Contract['webhooks']['webhooks'], WebhooksContext> = {
	...webhookActions,

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
		const sealed = await vault.seal(secretPlace(userId, id), secret);
		const at = new Date(clock.now());
		assertInTime(call, at.getTime());
		const wanted = [...new Set(events)];
		const endpoint = { id, userId, url, name, events: wanted, groups: allowedGroups, secret: sealed, at };
		const inserted = await insertEndpoint(db, endpoint, maxEndpoints);
		if (inserted === undefined)
			throw new AppError(
				'invalid_input',
				`There are ${maxEndpoints} webhooks already, which is the most an account may have. Delete one with delete_webhook first.`,
			);
		return { ...toWebhook(inserted), secret };
	},

	async update(context, { groups, events, ...change }, call) {
		const { db, clock, wake } = context;
		const allowedGroups = groups === undefined ? undefined : withinLimit(call, groups);
		if (change.url !== undefined) await assertDestination(context, change.url);
		assertInTime(call, clock.now());
		const wanted = events && [...new Set(events)];
		const endpoint = found(
			await updateEndpoint(db, call, { ...change, events: wanted, groups: allowedGroups }),
		);
		wake([endpoint.id]);
		return toWebhook(endpoint);
	},

	async delete({ db, clock }, { id }, call) {
		assertInTime(call, clock.now());
		if (!(await deleteEndpoint(db, call, id))) found(undefined);
		return { id, deleted: true };
	},

	async rotateSecret({ db, clock, vault }, { id }, call) {
		const secret = createSecret();
		const sealed = await vault.seal(secretPlace(call.userId, id), secret);
		const oldSecretUntil = new Date(clock.now() + oldSecretMs);
		assertInTime(call, clock.now());
		found(await rotateSecret(db, call, { id, secret: sealed, oldSecretUntil }));
		return { id, secret, oldSecretSignsUntil: oldSecretUntil.toISOString() };
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
