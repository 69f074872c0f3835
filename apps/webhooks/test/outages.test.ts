import { type Clock, createManualClock } from '@chat-manager/service';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { outageRetryMs } from '../src/delivery/completions.ts';
import { pollMs } from '../src/delivery/dispatcher.ts';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
	world = await startWorld({ durable: true });
});
afterEach(() => world[Symbol.asyncDispose]());

it('starts while Postgres is not there yet', async () => {
	const ledger = await world.ledger();
	await world.postgres.stop();
	const starting = ledger.start();
	await world.postgres.restart();
	await using _service = await starting;
	expect(await world.person().list()).toEqual([]);
});

it('starts while NATS is not there yet', async () => {
	const ledger = await world.ledger();
	await world.nats.stop();
	const starting = ledger.start();
	await world.nats.restart();
	await using _service = await starting;
	await until(async () => expect(await world.person().list()).toEqual([]));
});

it('survives Postgres: answers that it is away, and delivers afterwards what happened meanwhile', async () => {
	const clock = createManualClock(Date.now());
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	await using _service = await ledger.start({ clock });
	const person = world.person();
	await person.add({ url: receiver.url });
	const [first] = await person.happens(person.message());
	await until(async () => expect((await person.list())[0]?.lastDeliveryAt).not.toBeNull());
	await world.postgres.kill();
	await expect(person.list()).rejects.toMatchObject({ code: 'unavailable' });
	clock.advance(pollMs);
	const [second] = await person.happens(person.message());
	await world.postgres.restart();
	await until(() =>
		expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([first, second]),
	);
});

it('keeps what came of an attempt while Postgres is away', async () => {
	const manual = createManualClock(Date.now());
	const waits = Promise.withResolvers<void>();
	const clock: Clock = {
		...manual,
		setTimeout(run, delayMs) {
			if (delayMs === outageRetryMs) waits.resolve();
			return manual.setTimeout(run, delayMs);
		},
	};
	const ledger = await world.ledger();
	await using _service = await ledger.start({ clock });
	await using receiver = await startReceiver();
	receiver.answer = () => {};
	const person = world.person();
	await person.add({ url: receiver.url });
	await person.happens(person.message());
	const [request] = await until(() => {
		expect(receiver.received).toHaveLength(1);
		return receiver.received;
	});
	await world.postgres.kill();
	request?.respond(200);
	// The outcome could not be written, and waits on the clock for another try.
	await waits.promise;
	await world.postgres.restart();
	await until(async () => {
		manual.advance(outageRetryMs);
		expect((await person.list())[0]?.lastDeliveryAt).not.toBeNull();
	});
	expect(receiver.received).toHaveLength(1);
});

it('survives NATS: delivers what happens after it is back', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	await using _service = await ledger.start();
	const person = world.person();
	await person.add({ url: receiver.url });
	await world.nats.kill();
	await world.nats.restart();
	const event = person.message();
	await until(() => person.happens(event));
	await until(() => expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([event.id]));
	await until(async () => expect(await person.list()).toHaveLength(1));
});
