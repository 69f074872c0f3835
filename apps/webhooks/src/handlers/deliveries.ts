import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
	postedEventTypes,
} from '@chat-manager/contracts';
import { z } from 'zod';
import type { WebhooksContext } from '../context.ts';
import {
	type Delivery,
	findDelivery,
	listAttempts,
	listDeliveries,
	type Place,
} from '../database/deliveries.ts';
import { replay, sendAgain } from '../database/send-again.ts';
import type { DeliveryState } from '../database/tables.ts';
import { answerPlace, bodyPlace } from '../places.ts';
import { parsePlace, placeOf } from './delivery-cursor.ts';
import { assertActive, findWebhook } from './find-webhook.ts';

/** As many attempts of a delivery as are shown: one that was sent again by hand can have any number. */
const maxAttempts = 100;
const replayBatch = 1_000;
/** The states of the ledger that a state of the contract can stand for: what waits at a paused webhook is held. */
const storedState = (state: string): DeliveryState =>
	state === 'held' ? 'pending' : z.enum(['pending', 'delivered', 'given_up', 'cancelled']).parse(state);

export const deliveries: DomainHandlers<Contract['webhooks']['deliveries'], WebhooksContext> = {
	async list({ db }, { webhookId, state, limit, cursor }, call) {
		const { paused_at } = await findWebhook({ db }, call, webhookId);
		const isPossible =
			(state !== 'held' || paused_at !== null) && (state !== 'pending' || paused_at === null);
		if (!isPossible) return { deliveries: [], nextCursor: null };
		const rows = await listDeliveries(db, call, {
			endpointId: webhookId,
			state: state && storedState(state),
			before: cursor === undefined ? undefined : parsePlace(cursor),
			limit: limit + 1,
		});
		const page = rows.slice(0, limit);
		const last = rows.length > limit ? page.at(-1) : undefined;
		return { deliveries: page.flatMap(toDelivery), nextCursor: last ? placeOf(last) : null };
	},

	async get(context, { id }, call) {
		const { db, vault } = context;
		const row = await findOne(context, call, id);
		const { userId } = call;
		const [body, attempts] = await Promise.all([
			vault.open(bodyPlace(userId, row.event_id), row.body),
			listAttempts(db, { userId, deliveryId: row.id, max: maxAttempts }),
		]);
		const log = attempts.map(async ({ number, at, latency_ms, status, fault, answer }) => ({
			number,
			at: at.toISOString(),
			latencyMs: latency_ms,
			status,
			fault,
			answer: answer && String(await vault.open(answerPlace(userId, row.id, number), answer)),
		}));
		return { ...shown(row), body: String(body), log: await Promise.all(log) };
	},

	async resend(context, { id }, call) {
		const { db, clock, wake } = context;
		const row = await findOne(context, call, id);
		assertActive(await findWebhook(context, call, row.endpoint_id));
		assertInTime(call, clock.now());
		// One that is being tried at this moment need not be sent again.
		await sendAgain(db, { userId: call.userId, id: row.id, now: new Date(clock.now()) });
		wake([row.endpoint_id]);
		return shown(await findOne(context, call, id));
	},

	async replay(context, { webhookId, since, until, only }, call) {
		const { db, clock, wake } = context;
		assertActive(await findWebhook(context, call, webhookId));
		const now = new Date(clock.now());
		const missed: DeliveryState[] = ['given_up', 'cancelled'];
		const args = {
			userId: call.userId,
			endpointId: webhookId,
			until: until === undefined ? now : new Date(until),
			states: only === 'missed' ? missed : [...missed, 'delivered' as const],
			now,
			max: replayBatch,
		};
		let count = 0;
		for (let after: Place | undefined = { createdAt: new Date(since), id: 0 }; after !== undefined; ) {
			assertInTime(call, clock.now());
			const batch: Replayed = await replay(db, { ...args, after });
			count += batch.count;
			after = batch.count === replayBatch ? batch.last : undefined;
			wake([webhookId]);
		}
		return { webhookId, count };
	},
};

async function findOne({ db }: Pick<WebhooksContext, 'db'>, call: Call, id: string) {
	const number = /^\d{1,15}$/.test(id) ? Number(id) : undefined;
	const row = number === undefined ? undefined : await findDelivery(db, call, number);
	if (row !== undefined) return row;
	throw new AppError(
		'delivery_not_found',
		'There is no delivery with this id; what is older than 30 days is gone, unless this server was set otherwise. The deliveries of a webhook are listed by its id.',
	);
}

function shown(row: Delivery) {
	const [delivery] = toDelivery(row);
	if (delivery === undefined) throw new Error(`A delivery of the type ${row.type} cannot be shown`);
	return delivery;
}

/** None for an event of a type that the contract no longer has. */
function toDelivery(row: Delivery) {
	const type = postedEventTypes.find((known) => known === row.type);
	if (type === undefined) return [];
	const isWaiting = row.state === 'pending';
	return [
		{
			id: String(row.id),
			webhookId: row.endpoint_id,
			eventId: row.event_id,
			type,
			groupJid: row.group_jid,
			happenedAt: row.happened_at.toISOString(),
			createdAt: row.created_at.toISOString(),
			state: isWaiting && row.is_paused ? ('held' as const) : row.state,
			attempts: row.attempts,
			nextAttemptAt: isWaiting && !row.is_paused && !row.is_leased ? row.due_at.toISOString() : null,
			finishedAt: row.finished_at?.toISOString() ?? null,
		},
	];
}

type Replayed = Awaited<ReturnType<typeof replay>>;
