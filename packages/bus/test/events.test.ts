import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BusEvent, connectBus, consumeEvents, publishEvent, updateEventStream } from '../src/index.ts';
import { deviceEvent, startBus } from './support.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let net: Awaited<ReturnType<typeof startBus>>;
beforeAll(async () => {
	net = await startBus();
});
afterAll(() => net[Symbol.asyncDispose]());

/** Collects what one durable consumer gets; `fail` decides about each batch. */
async function collect(
	durable: string,
	options: { fail?: (batch: BusEvent[]) => Error | undefined; outage?: boolean } = {},
) {
	const got: string[] = [];
	const consuming = await consumeEvents(net.bus, {
		durable,
		types: ['device.connected'],
		isOutage: () => options.outage ?? false,
		async handle(batch) {
			const error = options.fail?.(batch);
			if (error !== undefined) throw error;
			got.push(...batch.map(({ id }) => id));
		},
	});
	return { got, stop: () => consuming.stop(), [Symbol.asyncDispose]: () => consuming.stop() };
}

it('delivers every event once to each durable, in order, and goes on where it stopped', async () => {
	const ids = Array.from({ length: 500 }, (_, index) => `order-${index}`);
	const first = await collect('order');
	for (const id of ids.slice(0, 250)) await publishEvent(net.bus, deviceEvent(id));
	await expect.poll(() => first.got.length).toBe(250);
	await first.stop();
	for (const id of ids.slice(250)) await publishEvent(net.bus, deviceEvent(id));
	await using second = await collect('order');
	await expect.poll(() => second.got.length).toBe(250);
	expect([...first.got, ...second.got]).toEqual(ids);
});

it('stores a repeat once', async () => {
	await using consumer = await collect('repeats');
	const before = await expect
		.poll(() => consumer.got.length)
		.toBeGreaterThan(0)
		.then(() => consumer.got.length);
	for (let repeat = 0; repeat < 5; repeat++) await publishEvent(net.bus, deviceEvent('repeated'));
	await publishEvent(net.bus, deviceEvent('after-repeated'));
	await expect.poll(() => consumer.got).toContain('after-repeated');
	expect(consumer.got.filter((id) => id === 'repeated')).toHaveLength(1);
	expect(before).toBeGreaterThan(0);
});

it('waits in its order while what stores events is away', async () => {
	let away = true;
	await using consumer = await collect('outage', {
		fail: () => (away ? new Error('away') : undefined),
		outage: true,
	});
	for (const id of ['outage-1', 'outage-2', 'outage-3']) await publishEvent(net.bus, deviceEvent(id));
	away = false;
	await expect.poll(() => consumer.got).toEqual(expect.arrayContaining(['outage-3']));
	const mine = consumer.got.filter((id) => id.startsWith('outage-'));
	expect(mine).toEqual(['outage-1', 'outage-2', 'outage-3']);
});

it('does not let one bad event hold up the others, and gives it another chance', async () => {
	let refusals = 0;
	const fail = (batch: BusEvent[]) => {
		if (refusals >= 2 || !batch.some(({ id }) => id === 'bad')) return undefined;
		refusals++;
		return new Error('no');
	};
	await using consumer = await collect('poison', { fail });
	for (const id of ['good-1', 'bad', 'good-2']) await publishEvent(net.bus, deviceEvent(id));
	await expect
		.poll(() => consumer.got, { timeout: 20_000 })
		.toEqual(expect.arrayContaining(['good-1', 'good-2', 'bad']));
	expect(refusals).toBe(2);
});

it('takes off the stream what is no event of the contract', async () => {
	await using consumer = await collect('foreign');
	await net.bus.jetStream.publish('cm.v1.event.u1.device.connected', '{"not":"an event"}');
	await net.bus.jetStream.publish('cm.v1.event.u1.device.connected', 'no json');
	await publishEvent(net.bus, deviceEvent('after-foreign'));
	await expect.poll(() => consumer.got).toContain('after-foreign');
	const manager = await net.bus.nats.jetstreamManager();
	await expect.poll(async () => (await manager.consumers.info('EVENTS', 'foreign')).num_ack_pending).toBe(0);
});

it('refuses to publish what is no event of the contract', async () => {
	const wrong = { ...deviceEvent('wrong'), data: { state: 'no such state' } };
	await expect(publishEvent(net.bus, wrong as unknown as BusEvent)).rejects.toThrow();
	await expect(publishEvent(net.bus, deviceEvent('wrong', 'u1.>'))).rejects.toThrow();
});

it('makes the stream and the consumer again when the store of NATS was wiped', async () => {
	await using wiped = await startBus();
	const got: string[] = [];
	const consuming = await consumeEvents(wiped.bus, {
		durable: 'wiped',
		types: ['device.connected'],
		handle: async (batch) => void got.push(...batch.map(({ id }) => id)),
	});
	await publishEvent(wiped.bus, deviceEvent('before-wipe'));
	await expect.poll(() => got).toEqual(['before-wipe']);
	const manager = await wiped.bus.nats.jetstreamManager();
	await manager.streams.delete('EVENTS');
	await publishEvent(wiped.bus, deviceEvent('after-wipe'));
	await expect.poll(() => got, { timeout: 50_000 }).toEqual(['before-wipe', 'after-wipe']);
	await consuming.stop();
});

it('keeps every acknowledged event when NATS is killed, and finds it again by itself', async () => {
	await using consumer = await collect('killed');
	await publishEvent(net.bus, deviceEvent('before-kill'));
	await net.nats.kill();
	await expect.poll(() => net.bus.isConnected()).toBe(false);
	await net.nats.restart();
	await expect.poll(() => net.bus.isConnected(), { timeout: 20_000 }).toBe(true);
	await publishEvent(net.bus, deviceEvent('after-kill'));
	// What was on its way to us when the server died comes again once the time to acknowledge it is over.
	await expect
		.poll(() => consumer.got, { timeout: 45_000 })
		.toEqual(expect.arrayContaining(['before-kill', 'after-kill']));
});

it('keeps events for as long as was set, also in a stream that is there already', async () => {
	const maxAgeHours = async () => {
		const { streams } = await net.bus.jetStream.jetstreamManager();
		return (await streams.info('EVENTS')).config.max_age / 3_600e9;
	};
	expect(await maxAgeHours()).toBe(72);
	await using longer = await connectBus({ url: net.nats.url, service: 'test', log: silent, eventHours: 100 });
	await updateEventStream(longer);
	expect(await maxAgeHours()).toBe(100);
});

it('leaves aside what it does not want of the whole stream, also one that was made with filters', async () => {
	const got: string[] = [];
	const options = {
		durable: 'whole',
		handle: async (batch: BusEvent[]) => void got.push(...batch.map(({ id }) => id)),
	};
	const withFilters = await consumeEvents(net.bus, {
		durable: options.durable,
		types: ['group.unstarred', 'device.connected'],
		handle: async () => {},
	});
	// Nothing may be on its way to it when it stops: that would come again, and only after half a minute.
	await expect.poll(() => withFilters.pending()).toBe(0);
	await withFilters.stop();
	await using consuming = stoppable(
		await consumeEvents(net.bus, { ...options, types: ['device.disconnected'], takesWholeStream: true }),
	);
	await publishEvent(net.bus, deviceEvent('whole-unwanted'));
	await publishEvent(net.bus, {
		...deviceEvent('whole-wanted'),
		type: 'device.disconnected',
		data: { state: 'offline' },
	});
	await expect.poll(() => got).toEqual(['whole-wanted']);
	await expect.poll(() => consuming.pending()).toBe(0);
});

function stoppable<T extends { stop(): Promise<void> }>(consuming: T): T & AsyncDisposable {
	return Object.assign(consuming, { [Symbol.asyncDispose]: () => consuming.stop() });
}
