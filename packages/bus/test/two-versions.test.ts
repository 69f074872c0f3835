import { AckPolicy } from 'nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consumeEvents, eventStream, publishEvent } from '../src/index.ts';
import { startBus } from './support.ts';

let net: Awaited<ReturnType<typeof startBus>>;
beforeAll(async () => {
	net = await startBus();
});
afterAll(() => net[Symbol.asyncDispose]());

/** An update under way: a consumer of this version beside those of a newer one, played by hand. */
it('an event that only a newer version knows is left for a replica of it', async () => {
	const durable = 'mixed';
	const manager = await net.bus.jetStream.jetstreamManager();
	await manager.consumers.add(eventStream, {
		durable_name: durable,
		ack_policy: AckPolicy.Explicit,
		filter_subjects: ['cm.v1.event.*.device.connected', 'cm.v1.event.*.note.added'],
	});
	const left = Promise.withResolvers<void>();
	const log = { debug() {}, info: () => left.resolve(), warn() {}, error() {} };
	const bus = await net.connect('older', log);
	const got: string[] = [];
	const consuming = await consumeEvents(bus, {
		durable,
		types: ['device.connected', 'device.disconnected'],
		handle: async (events) => void got.push(...events.map(({ id }) => id)),
	});
	const head = { at: '2026-11-22T09:00:00.000Z', userId: 'u1' };
	await net.bus.jetStream.publish(
		'cm.v1.event.u1.note.added',
		JSON.stringify({ ...head, id: 'new-kind', type: 'note.added', data: {} }),
	);
	await publishEvent(net.bus, {
		...head,
		id: 'known-kind',
		type: 'device.connected',
		data: { state: 'connected' },
	});
	await left.promise;
	await expect.poll(() => got).toEqual(['known-kind']);
	await consuming.stop();

	const newer = await net.bus.jetStream.consumers.get(eventStream, durable);
	const message = await newer.next({ expires: 20_000 });
	expect(message?.json()).toMatchObject({ id: 'new-kind' });
	message?.ack();
	const { config } = await newer.info();
	expect(config.filter_subjects).toEqual([
		'cm.v1.event.*.device.connected',
		'cm.v1.event.*.device.disconnected',
		'cm.v1.event.*.note.added',
	]);
});
