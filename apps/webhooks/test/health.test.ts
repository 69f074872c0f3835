import { type BusEvent, consumeEvents } from '@chat-manager/bus';
import { createManualClock } from '@chat-manager/service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pollMs } from '../src/delivery/dispatcher.ts';
import type { Person } from './support/person.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

const hour = 3_600_000;
const clock = createManualClock(Date.now());
let world: World;
let ledger: Ledger;
let services: AsyncDisposable[];
let receiver: Receiver;
let witness: Receiver;
let person: Person;
const told: BusEvent[] = [];
beforeAll(async () => {
	world = await startWorld();
	ledger = await world.ledger();
	// Two dispatchers: what one learns of an endpoint holds for the other.
	services = [await ledger.start({ clock }), await ledger.start({ clock })];
	receiver = await startReceiver();
	witness = await startReceiver();
	await consumeEvents(world.bus, {
		durable: 'owners',
		types: ['webhook.disabled'],
		handle: async (batch) => void told.push(...batch),
	});
});
afterAll(async () => {
	await receiver[Symbol.asyncDispose]();
	await witness[Symbol.asyncDispose]();
	for (const service of services) await service[Symbol.asyncDispose]();
	await world[Symbol.asyncDispose]();
});
beforeEach(() => {
	person = world.person(() => clock.now());
	receiver.received.length = 0;
	witness.received.length = 0;
});
afterEach(() => person.leaves());

const states = async (webhookId: string) =>
	(await person.client.deliveries.list({ webhookId, limit: 100 }, person.caller())).deliveries;
const posted = () => receiver.received.length;

describe('an endpoint that is overloaded', () => {
	it.each([429, 502, 503, 504])('is left alone as a whole after %i, then gets everything', async (status) => {
		receiver.answer = ({ respond }) => respond(status);
		const { id } = await person.add({ url: receiver.url });
		const ids = await person.happens(...Array.from({ length: 30 }, () => person.message()));
		await until(async () => expect(await states(id)).toHaveLength(30));
		await until(async () => expect((await states(id)).some(({ attempts }) => attempts > 0)).toBe(true));
		clock.advance(pollMs);
		clock.advance(pollMs);
		await person.add({ url: witness.url });
		const [seen] = await person.happens(person.message());
		await until(() => expect(witness.received).toHaveLength(1));
		// Who posted the witness its message has looked for what is due. Of the rest only what was under way was posted, a window of
		// each dispatcher: all of it waits although it is due.
		expect(posted()).toBeLessThanOrEqual(8);
		receiver.answer = ({ respond }) => respond(200);
		await until(async () => {
			// Not once and for all: an attempt that was under way when the time moved has the endpoint left alone from then on.
			clock.advance(pollMs);
			expect((await states(id)).map(({ state }) => state)).toEqual(Array(31).fill('delivered'));
		});
		expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
			new Set([...ids, seen]),
		);
	});

	it('that asks for more time gets it, for all that waits', async () => {
		receiver.answer = ({ respond }) => respond(429, { 'retry-after': '600' });
		const { id } = await person.add({ url: receiver.url });
		await person.happens(person.message());
		await until(async () => expect((await states(id))[0]?.attempts).toBe(1));
		await person.happens(person.message());
		await until(async () => expect(await states(id)).toHaveLength(2));
		clock.advance(599_000);
		clock.advance(pollMs - 1);
		const other = world.person(() => clock.now());
		await other.add({ url: witness.url });
		await other.happens(other.message());
		await until(() => expect(witness.received).toHaveLength(1));
		expect(posted()).toBe(1);
		expect((await states(id)).map(({ attempts }) => attempts)).toEqual([0, 1]);
		receiver.answer = ({ respond }) => respond(200);
		clock.advance(2 * pollMs);
		await until(async () =>
			expect((await states(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']),
		);
		const { throttles } = await ledger.db
			.selectFrom('endpoints')
			.select('throttles')
			.where('id', '=', id)
			.executeTakeFirstOrThrow();
		expect(throttles).toBe(0);
	});
});

describe('an endpoint that keeps failing', () => {
	it('is disabled when a delivery is given up and nothing was accepted for days; its owner is told', async () => {
		receiver.answer = ({ respond }) => respond(500);
		const { id } = await person.add({ url: receiver.url, name: 'Support desk' });
		await person.happens(person.message());
		await until(async () => expect((await person.list())[0]?.failingSince).not.toBeNull());
		await failUntilGivenUp(id);
		await until(async () =>
			expect((await person.list())[0]).toMatchObject({ status: 'disabled', disabledReason: 'failing' }),
		);
		// What happens now is kept, and not posted.
		const before = posted();
		await person.happens(person.message());
		await until(async () =>
			expect((await states(id)).map(({ state }) => state)).toEqual(['cancelled', 'given_up']),
		);
		expect(posted()).toBe(before);
		clock.advance(10_000);
		await until(() => expect(told.map(({ userId }) => userId)).toContain(person.userId));
		expect(told.filter(({ userId }) => userId === person.userId)).toHaveLength(1);
		expect(told.find(({ userId }) => userId === person.userId)).toMatchObject({
			type: 'webhook.disabled',
			data: { webhookId: id, name: 'Support desk', reason: 'failing' },
		});
		expect(await person.client.webhooks.resume({ id }, person.caller())).toMatchObject({
			status: 'active',
			disabledReason: null,
			failingSince: null,
		});
	});

	it('is not disabled while it accepts something now and then', async () => {
		receiver.answer = ({ respond, path }) => respond(path === '/fails' ? 500 : 200);
		const { id } = await person.add({ url: `${receiver.url}/fails` });
		const [lost] = await person.happens(person.message());
		receiver.answer = ({ respond, headers }) => respond(headers['webhook-id'] === lost ? 500 : 200);
		await until(async () => expect((await states(id))[0]?.attempts).toBeGreaterThan(0));
		await failUntilGivenUp(id, () => person.happens(person.message()));
		await until(async () => expect((await states(id)).at(-1)).toMatchObject({ state: 'given_up' }));
		expect((await person.list())[0]).toMatchObject({ status: 'active' });
	});
});

/** Lets the oldest delivery use up its attempts; `meanwhile` happens before each. */
async function failUntilGivenUp(id: string, meanwhile?: () => Promise<unknown>): Promise<void> {
	const oldest = async () => (await states(id)).at(-1);
	for (;;) {
		const before = await oldest();
		if (before?.state === 'given_up') return;
		await meanwhile?.();
		clock.advance(27 * hour);
		await until(async () => expect((await oldest())?.attempts).toBeGreaterThan(before?.attempts ?? 0));
	}
}
