import { createManualClock } from '@chat-manager/service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pollMs } from '../src/delivery/dispatcher.ts';
import { group, otherGroup, type Person } from './support/person.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

const minute = 60_000;
const clock = createManualClock(Date.now());
let world: World;
let ledger: Ledger;
let service: AsyncDisposable;
let receiver: Receiver;
let person: Person;
beforeAll(async () => {
	world = await startWorld();
	ledger = await world.ledger();
	service = await ledger.start({ clock });
	receiver = await startReceiver();
});
afterAll(async () => {
	await receiver[Symbol.asyncDispose]();
	await service[Symbol.asyncDispose]();
	await world[Symbol.asyncDispose]();
});
beforeEach(() => {
	person = world.person(() => clock.now());
	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(200, {}, 'thank you');
});
afterEach(() => person.leaves());

const list = (webhookId: string, more: object = {}) =>
	person.client.deliveries.list({ webhookId, ...more }, person.caller());
const get = (id: string) => person.client.deliveries.get({ id }, person.caller());
const replay = (webhookId: string, since: number, more: object = {}) =>
	person.client.deliveries.replay(
		{ webhookId, since: new Date(since).toISOString(), ...more },
		person.caller(),
	);

const heldBy = (webhookId: string) =>
	ledger.db
		.selectFrom('deliveries')
		.select('id')
		.where('endpoint_id', '=', webhookId)
		.where('lease', 'is not', null)
		.execute();

/** Waits until all of an endpoint's deliveries are in a state. */
async function allAre(webhookId: string, state: string, count: number): Promise<void> {
	await until(async () => {
		const { deliveries } = await list(webhookId, { limit: 100 });
		expect(deliveries.map((one) => one.state)).toEqual(Array(count).fill(state));
	});
}

describe('the ledger', () => {
	it('shows each delivery with its body, and each attempt with status, time and answer', async () => {
		receiver.answer = ({ respond }) =>
			receiver.received.length === 1 ? respond(500, {}, 'out of order') : respond(201, {}, 'thank you');
		const { id } = await person.add({ url: receiver.url });
		const content = { text: 'Good morning', media: null, mentions: [], replyTo: null };
		const [eventId] = await person.happens(person.message({ content }));
		await until(async () => expect((await list(id)).deliveries[0]?.attempts).toBe(1));
		const waiting = (await list(id)).deliveries[0];
		expect(waiting).toMatchObject({
			webhookId: id,
			eventId,
			type: 'message.received',
			groupJid: group,
			state: 'pending',
			finishedAt: null,
		});
		clock.advance(Date.parse(waiting?.nextAttemptAt ?? '') - clock.now() + pollMs);
		await allAre(id, 'delivered', 1);
		const shown = await get(waiting?.id ?? '');
		expect(shown).toMatchObject({
			state: 'delivered',
			attempts: 2,
			nextAttemptAt: null,
			finishedAt: expect.any(String),
			log: [
				{
					number: 1,
					status: 500,
					fault: 'http_error',
					answer: 'out of order',
					latencyMs: expect.any(Number),
				},
				{ number: 2, status: 201, fault: null, answer: 'thank you' },
			],
		});
		expect(shown.body).toBe(String(receiver.received[0]?.body));
		expect(JSON.parse(shown.body).data.text).toBe('Good morning');
	});

	it('goes page by page, newest first, each once, also by state', async () => {
		receiver.answer = ({ respond, body }) => respond(String(body).includes(otherGroup) ? 410 : 200);
		const all = await person.add({ url: `${receiver.url}/all`, groups: [group] });
		const ids: string[] = [];
		for (let batch = 0; batch < 3; batch++) {
			ids.push(...(await person.happens(...Array.from({ length: 4 }, () => person.message()))));
			await allAre(all.id, 'delivered', ids.length);
			clock.advance(minute);
		}
		const seen: string[] = [];
		for (let cursor: string | null | undefined; cursor !== null; ) {
			const page: Awaited<ReturnType<typeof list>> = await list(all.id, {
				limit: 5,
				...(cursor && { cursor }),
			});
			seen.push(...page.deliveries.map(({ eventId }) => eventId));
			cursor = page.nextCursor;
		}
		expect(new Set(seen)).toEqual(new Set(ids));
		expect(seen).toHaveLength(ids.length);
		expect(new Set(seen.slice(0, 4))).toEqual(new Set(ids.slice(8)));
		expect((await list(all.id, { state: 'delivered' })).deliveries).toHaveLength(12);
		expect((await list(all.id, { state: 'given_up' })).deliveries).toEqual([]);
	});

	it.each([
		'x',
		'2026-11-22T09:00:00.000Z',
		'2026-11-22T09:00:00.000Z_x',
		'_',
		'2026-11-22T09:00:00.000Z_1_2',
	])('refuses a cursor that it did not give: %s', async (cursor) => {
		const { id } = await person.add({ url: receiver.url });
		await expect(list(id, { cursor })).rejects.toMatchObject({ code: 'invalid_input' });
	});

	it('is shown to its owner alone, and to a limited token within its limit', async () => {
		const { id } = await person.add({ url: receiver.url });
		await person.happens(person.message());
		await allAre(id, 'delivered', 1);
		const [delivery] = (await list(id)).deliveries;
		const deliveryId = delivery?.id ?? '';
		const stranger = world.person(() => clock.now());
		const missing = { code: 'delivery_not_found', message: expect.stringContaining('no delivery') };
		const { deliveries } = stranger.client;
		for (const other of [deliveryId, '999999', 'x', '1e9'])
			for (const act of [deliveries.get, deliveries.resend])
				await expect(act({ id: other }, stranger.caller())).rejects.toMatchObject(missing);
		const limited = person.caller({ groups: [group] });
		await expect(deliveries.get({ id: deliveryId }, limited)).rejects.toMatchObject(missing);
		await expect(deliveries.list({ webhookId: id }, limited)).rejects.toMatchObject({
			code: 'webhook_not_found',
		});
	});
});

describe('sending again', () => {
	it('posts a delivered one again, the same id and bytes, on a schedule of its own', async () => {
		const { id } = await person.add({ url: receiver.url });
		await person.happens(person.message());
		await allAre(id, 'delivered', 1);
		const [delivery] = (await list(id)).deliveries;
		receiver.answer = ({ respond }) => respond(500);
		const again = await person.client.deliveries.resend({ id: delivery?.id ?? '' }, person.caller());
		expect(again).toMatchObject({ id: delivery?.id, eventId: delivery?.eventId });
		await until(async () => expect((await list(id)).deliveries[0]?.attempts).toBe(2));
		const [first, second] = receiver.received;
		expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
		expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
		// The first attempt of a schedule that begins anew: the next follows in seconds.
		const next = Date.parse((await list(id)).deliveries[0]?.nextAttemptAt ?? '');
		expect(next - clock.now()).toBeLessThanOrEqual(6_000);
	});

	it('replays what was missed since a time, and nothing else', async () => {
		const { id } = await person.add({ url: receiver.url });
		const delivered = await person.happens(person.message());
		await allAre(id, 'delivered', 1);
		clock.advance(minute);
		const since = clock.now();
		receiver.answer = ({ respond }) => respond(500);
		const missed = await person.happens(...Array.from({ length: 3 }, () => person.message()));
		await until(async () => expect((await list(id)).deliveries).toHaveLength(4));
		await until(async () => {
			// A step at a time: what was leased when the time jumped is looked for again.
			clock.advance(pollMs);
			const { deliveries } = await list(id);
			const waiting = deliveries.filter(({ state }) => state === 'pending');
			if (waiting.some(({ nextAttemptAt }) => nextAttemptAt !== null)) clock.advance(27 * 60 * minute);
			expect(waiting).toEqual([]);
			// One that was under way when the endpoint was disabled is cancelled, and not replayed before its end.
			expect(await heldBy(id)).toEqual([]);
		});
		// Nothing was accepted for days, so it was disabled.
		expect((await person.list())[0]).toMatchObject({ status: 'disabled', disabledReason: 'failing' });
		receiver.answer = ({ respond }) => respond(200);
		receiver.received.length = 0;
		await person.client.webhooks.resume({ id }, person.caller());
		expect(await replay(id, since)).toEqual({ webhookId: id, count: 3 });
		await until(async () =>
			expect((await list(id)).deliveries.map(({ state }) => state)).toEqual(Array(4).fill('delivered')),
		);
		const received = receiver.received.map(({ headers }) => headers['webhook-id']);
		expect(received.sort()).toEqual([...missed].sort());
		expect(received).not.toContain(delivered[0]);
		expect(await replay(id, since)).toEqual({ webhookId: id, count: 0 });
	});

	it('replays all of a time range', async () => {
		const { id } = await person.add({ url: receiver.url });
		const at: number[] = [];
		const ids: string[] = [];
		for (let step = 0; step < 3; step++) {
			at.push(clock.now());
			ids.push(...(await person.happens(person.message())));
			await allAre(id, 'delivered', step + 1);
			clock.advance(minute);
		}
		receiver.received.length = 0;
		const until_ = new Date(at[2] ?? 0).toISOString();
		expect(await replay(id, at[1] ?? 0, { until: until_, only: 'all' })).toMatchObject({ count: 1 });
		await until(() => expect(receiver.received).toHaveLength(1));
		expect(receiver.received[0]?.headers['webhook-id']).toBe(ids[1]);
	});
});
