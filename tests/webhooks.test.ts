import { type BusEvent, connectBus, consumeEvents } from '@chat-manager/bus';
import { webhookEventTypes } from '@chat-manager/contracts';
import { createRandom, isFull } from '@chat-manager/test-run';
import { startReceiver } from '@chat-manager/webhooks/receiver';
import { Webhook } from 'standardwebhooks';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { connectAgent, type Person, signUp, waiting } from './support/person.ts';

const ana = '15550000001';
const berta = '15550000002';
/** The receivers of these tests are on this machine. */
const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
const patience = { timeout: 120_000, interval: 200 };
const Added = z.object({ id: z.string(), secret: z.string() });
const Delivery = z.object({ id: z.string(), eventId: z.string(), state: z.string() });
const Page = z.object({ deliveries: z.array(Delivery), nextCursor: z.string().nullable() });
const Whole = Delivery.extend({ body: z.string() });

/** Every event that the stream brings, as any internal subscriber would see it. */
async function listen(net: Network) {
	const bus = await connectBus({
		url: net.servers.natsUrl,
		service: 'test',
		log: { debug() {}, info() {}, warn() {}, error() {} },
		user: 'chat-manager',
		password: net.secrets.nats,
	});
	const events: BusEvent[] = [];
	await consumeEvents(bus, {
		durable: 'story',
		types: webhookEventTypes,
		handle: async (batch) => void events.push(...batch),
	});
	return {
		ids: () => new Set(events.map(({ id }) => id)),
		[Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
	};
}

async function ledgerOf(person: Person, webhookId: string) {
	const all: z.infer<typeof Delivery>[] = [];
	for (let cursor: string | null | undefined; cursor !== null; ) {
		const input = { webhookId, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
		const page: z.infer<typeof Page> = Page.parse(await person.api('deliveries/list', input));
		all.push(...page.deliveries);
		cursor = page.nextCursor;
	}
	return all;
}

const say = (net: Network, jid: string, text: string) =>
	simulator(net, '/admin/messages', { from: berta, to: jid, text });

it('an endpoint that was down through a restart of every service gets all that happened, byte for byte, by a replay', async () => {
	await using net = await startNetwork({ settings });
	await using stream = await listen(net);
	await using receiver = await startReceiver();
	receiver.answer = ({ respond }) => respond(500, {}, 'out of order');
	const person = await signUp(net, 'ana');
	const jid = await makeGroup(net, ana, 'Support', [berta]);
	const since = new Date().toISOString();
	const { id, secret } = Added.parse(await person.api('webhooks/add', { url: `${receiver.url}/hook` }));
	await person.link(ana);
	await person.api('groups/star', { jid });
	for (let index = 0; index < 5; index++) await say(net, jid, `before ${index}`);
	for (const name of ['connector', 'storage', 'webhooks', 'gateway'] as const) {
		await net.service(name).kill();
		await say(net, jid, `without the ${name}`);
		await net.service(name).start();
	}
	await vi.waitFor(async () => expect((await fetch(`${net.url}/readyz`)).status).toBe(200), waiting);
	await person.connected();
	await person.api('messages/send', { jid, text: 'my answer', idempotencyKey: 'answer' });
	await vi.waitFor(async () => {
		const failed = (await ledgerOf(person, id)).map(({ eventId }) => eventId);
		expect(failed.length).toBeGreaterThan(11);
		expect(new Set(failed)).toEqual(stream.ids());
	}, patience);

	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(204);
	await person.api('deliveries/replay', { webhookId: id, since });
	// Receipts may still come in, and are events too: what is compared is one look at all of it.
	const [ledger, received] = await vi.waitFor(async () => {
		const now = await ledgerOf(person, id);
		expect(now.filter(({ state }) => state !== 'delivered')).toEqual([]);
		const bodies = new Map(receiver.received.map((one) => [String(one.headers['webhook-id']), one]));
		expect(new Set(bodies.keys())).toEqual(stream.ids());
		expect(new Set(now.map(({ eventId }) => eventId))).toEqual(stream.ids());
		return [now, bodies] as const;
	}, patience);
	for (const { id: deliveryId, eventId } of ledger) {
		const { body } = Whole.parse(await person.api('deliveries/get', { id: deliveryId }));
		const one = received.get(eventId);
		expect(String(one?.body)).toBe(body);
		new Webhook(secret).verify(one?.body ?? '', (one?.headers ?? {}) as Record<string, string>);
	}
});

it('the tools and the API show the same picture, and nobody that of another', async () => {
	await using net = await startNetwork({ services: ['gateway', 'webhooks'] });
	const [owner, stranger] = [await signUp(net, 'owner'), await signUp(net, 'stranger')];
	await using agent = await connectAgent(net, await owner.token());
	await using foreign = await connectAgent(net, await stranger.token());
	const { secret, ...added } = await agent.call('add_webhook', { url: 'https://example.com/hook' });
	expect(secret).toMatch(/^whsec_/);
	const listed = await agent.call('list_webhooks');
	expect(listed).toEqual({ webhooks: [added] });
	expect(await owner.api('webhooks/list')).toEqual(listed);
	expect(await foreign.call('list_webhooks')).toEqual({ webhooks: [] });
	const [theirs, nobodys] = await Promise.all(
		[added.id, 'whk_none'].map((id) =>
			foreign.client.callTool({ name: 'delete_webhook', arguments: { id } }),
		),
	);
	expect(theirs).toMatchObject({ isError: true });
	expect(theirs).toEqual(nobodys);
	expect(await agent.call('delete_webhook', { id: added.id })).toEqual({ id: added.id, deleted: true });
	expect(await owner.api('webhooks/list')).toEqual({ webhooks: [] });
});

const kills = isFull ? 30 : 3;

it(`forgets no event over ${kills} kills of the dispatcher, NATS and Postgres under load`, async () => {
	const random = createRandom();
	await using net = await startNetwork({ settings });
	await using receiver = await startReceiver();
	const person = await signUp(net, 'ana');
	const jid = await makeGroup(net, ana, 'Under fire', [berta]);
	await person.link(ana);
	await person.api('groups/star', { jid });
	const { secret } = Added.parse(
		await person.api('webhooks/add', { url: `${receiver.url}/hook`, events: ['message.received'] }),
	);
	const sent: string[] = [];
	for (let kill = 0; kill < kills; kill++) {
		const victim = random.pick(['webhooks', 'nats', 'postgres'] as const);
		const killAfter = Math.floor(random.next() * 12);
		let recovery: Promise<void> | undefined;
		for (let index = 0; index < 12; index++) {
			if (index === killAfter) recovery = killAndRestart(net, victim);
			const text = `message ${sent.length}`;
			await say(net, jid, text);
			sent.push(text);
		}
		await recovery;
	}
	const Body = z.object({ data: z.object({ text: z.string() }) });
	await vi.waitFor(() => {
		const texts = receiver.received.map(({ body }) => Body.parse(JSON.parse(String(body))).data.text);
		expect(new Set(texts)).toEqual(new Set(sent));
	}, patience);
	const bodies = new Map<string, string>();
	for (const { headers, body } of receiver.received) {
		new Webhook(secret).verify(body, headers as Record<string, string>);
		const id = String(headers['webhook-id']);
		expect(bodies.get(id) ?? String(body)).toBe(String(body));
		bodies.set(id, String(body));
	}
	expect(bodies.size).toBe(sent.length);
}, 1_800_000);

async function killAndRestart(net: Network, victim: 'webhooks' | 'nats' | 'postgres'): Promise<void> {
	if (victim === 'webhooks') {
		await net.service(victim).kill();
		return net.service(victim).start();
	}
	const server = victim === 'nats' ? net.servers.nats : net.servers.postgres;
	await server?.kill();
	await server?.restart();
}
