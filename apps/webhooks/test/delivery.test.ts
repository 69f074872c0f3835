import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { group, otherGroup } from './support/person.ts';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const content = { text: 'Grüße 👋', media: null, mentions: ['98765432101234@lid'], replyTo: '3EB0AA' };

describe('an event that an endpoint wants', () => {
	it('is posted, signed so that the official library accepts it, with what the message says', async () => {
		const ledger = await world.ledger();
		await using receiver = await startReceiver();
		await using _service = await ledger.start();
		const person = world.person();
		const { id: endpointId, secret } = await person.add({ url: `${receiver.url}/hook?a=b` });
		const event = person.message({ content });
		await person.happens(event);
		const [request] = await until(() => {
			expect(receiver.received).toHaveLength(1);
			return receiver.received;
		});

		expect(request?.path).toBe('/hook?a=b');
		expect(request?.headers['content-type']).toBe('application/json');
		expect(request?.headers['webhook-id']).toBe(event.id);
		const verified = new Webhook(secret).verify(
			request?.body ?? '',
			request?.headers as Record<string, string>,
		);
		const { messageId, sender, kind } = event.data;
		expect(verified).toEqual({
			id: event.id,
			type: 'message.received',
			timestamp: event.at,
			data: { messageId, sender, kind, ...content, groupJid: group },
		});
		const listed = await until(async () => {
			const [webhook] = await person.list();
			expect(webhook?.lastDeliveryAt).not.toBeNull();
			return webhook;
		});
		expect(listed).toMatchObject({ id: endpointId, url: `${receiver.url}/hook?a=b` });
	});

	it('keeps null where nothing is known, and asks for no key of an event that nobody wants', async () => {
		const ledger = await world.ledger();
		await using receiver = await startReceiver();
		await using _service = await ledger.start();
		const [person, stranger] = [world.person(), world.person()];
		await person.add({ url: receiver.url, events: ['message.received', 'device.connected'] });
		await stranger.happens(stranger.message({ content }));
		await person.happens(person.message({ content: null }), {
			id: crypto.randomUUID(),
			type: 'device.connected',
			at: new Date().toISOString(),
			userId: person.userId,
			data: { state: 'connected' },
		});
		await until(() => expect(receiver.received).toHaveLength(2));
		await world.recorded();
		const bodies = receiver.received.map(({ body }) => JSON.parse(body.toString()));
		const message = bodies.find(({ type }) => type === 'message.received');
		expect(message.data).toMatchObject({ text: null, media: null, replyTo: null, mentions: null });
		const device = bodies.find(({ type }) => type === 'device.connected');
		expect(device.data).toEqual({ state: 'connected', groupJid: null });
		expect(world.connectors.asked).not.toContain(stranger.userId);
	});

	it('is delivered once, however often it comes', async () => {
		const ledger = await world.ledger();
		await using receiver = await startReceiver();
		await using _service = await ledger.start();
		const person = world.person();
		await person.add({ url: receiver.url });
		const event = person.message();
		// The stream drops a repeat that it remembers, so the repeat here is another message on it with the same event.
		await person.happens(event, { ...event, data: { ...event.data, messageId: 'AGAIN' } });
		await world.bus.jetStream.publish(`cm.v1.event.${person.userId}.message.received`, JSON.stringify(event));
		const last = person.message();
		await person.happens(last);
		await world.recorded();
		await until(async () => {
			const open = await ledger.db
				.selectFrom('deliveries')
				.select('id')
				.where('state', '=', 'pending')
				.execute();
			expect(open).toEqual([]);
		});
		expect(receiver.received.filter((one) => one.headers['webhook-id'] === event.id)).toHaveLength(1);
		expect(await ledger.db.selectFrom('deliveries').select('event_id').execute()).toHaveLength(2);
	});

	it('goes to the endpoints of its user, for its type and its group, and to no other', async () => {
		const ledger = await world.ledger();
		await using receiver = await startReceiver();
		await using _service = await ledger.start();
		const [ana, ben] = [world.person(), world.person()];
		await ana.add({ url: `${receiver.url}/ana/all` });
		await ana.add({ url: `${receiver.url}/ana/group`, groups: [group] });
		await ana.add({ url: `${receiver.url}/ana/members`, events: ['member.joined'] });
		await ben.add({ url: `${receiver.url}/ben/all` });
		const [inGroup, inOther] = await ana.happens(ana.message(), ana.message({ groupJid: otherGroup }));
		const [bens] = await ben.happens(ben.message());
		await world.recorded();
		await until(() => expect(receiver.received).toHaveLength(4));
		expect(await ledger.db.selectFrom('deliveries').select('id').execute()).toHaveLength(4);
		const idsAt = (path: string) => receiver.at(path).map((one) => one.headers['webhook-id']);
		expect(new Set(idsAt('/ana/all'))).toEqual(new Set([inGroup, inOther]));
		expect(idsAt('/ana/group')).toEqual([inGroup]);
		expect(idsAt('/ana/members')).toEqual([]);
		expect(idsAt('/ben/all')).toEqual([bens]);
	});

	it('leaves nothing readable in the ledger', async () => {
		const ledger = await world.ledger();
		await using receiver = await startReceiver();
		await using _service = await ledger.start();
		receiver.answer = ({ respond }) => respond(200, {}, 'thank you kindly');
		const person = world.person();
		const { secret } = await person.add({ url: receiver.url });
		await person.happens(person.message({ content }));
		const attempt = await until(() => ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow());
		const event = await ledger.db.selectFrom('events').selectAll().executeTakeFirstOrThrow();
		const endpoint = await ledger.db.selectFrom('endpoints').selectAll().executeTakeFirstOrThrow();
		expect(event.body.includes('Grüße')).toBe(false);
		expect(attempt.answer?.includes('thank you')).toBe(false);
		expect(endpoint.secret.includes(secret.slice(6))).toBe(false);
	});
});
