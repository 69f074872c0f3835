import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { untilNobodyAnswers } from './support/nobody-answers.ts';
import { connectAgent, type Person, signUp, waiting } from './support/person.ts';

const ana = '15550000001';
const berta = '15550000002';
let net: Network;
let person: Person;
let jid: string;
let token: string;

beforeAll(async () => {
	net = await startNetwork();
	person = await signUp(net, 'ana');
	jid = await makeGroup(net, ana, 'Support', [berta]);
	await person.link(ana);
	await person.api('groups/star', { jid });
	token = await person.token();
});
afterAll(() => net[Symbol.asyncDispose]());

/** Sends from the other side, and waits until the person can read it. */
async function worksAgain(text: string): Promise<void> {
	await simulator(net, '/admin/messages', { from: berta, to: jid, text });
	await vi.waitFor(async () => {
		expect(await person.api('messages/list', { jid })).toMatchObject({
			messages: expect.arrayContaining([expect.objectContaining({ text })]),
		});
	}, waiting);
	await vi.waitFor(
		() => person.api('messages/send', { jid, text: `answer to ${text}`, idempotencyKey: text }),
		waiting,
	);
}

const refusal = (status: number, code: string) => ({
	status,
	body: { error: { code, message: expect.any(String) } },
});

it('without the connector: reads go on, what needs the device says so at once, and it comes back by itself', async () => {
	const connector = net.service('connector');
	await connector.kill();
	await untilNobodyAnswers(net, 'connectors');
	expect(await person.api('groups/list-starred')).toMatchObject({ groups: [{ jid }] });
	await expect(person.api('messages/send', { jid, text: 'x' })).rejects.toMatchObject(
		refusal(503, 'device_offline'),
	);
	await expect(person.api('devices/get')).rejects.toMatchObject(refusal(503, 'unavailable'));
	await using agent = await connectAgent(net, token);
	const refused = await agent.client.callTool({ name: 'send_group_message', arguments: { jid, text: 'x' } });
	expect(refused).toMatchObject({
		isError: true,
		content: [{ text: expect.stringContaining('not connected') }],
	});
	await simulator(net, '/admin/messages', { from: berta, to: jid, text: 'while you were away' });
	await connector.start();
	await worksAgain('connector');
	expect(await person.api('messages/list', { jid })).toMatchObject({
		messages: expect.arrayContaining([expect.objectContaining({ text: 'while you were away' })]),
	});
});

it('without storage: sending goes on, reads say that they are unavailable, and nothing is missing afterwards', async () => {
	const storage = net.service('storage');
	await storage.kill();
	await untilNobodyAnswers(net, 'storage');
	await expect(person.api('messages/list', { jid })).rejects.toMatchObject(refusal(503, 'unavailable'));
	expect(await person.api('messages/send', { jid, text: 'storage is away' })).toMatchObject({
		status: 'sent',
	});
	await simulator(net, '/admin/messages', { from: berta, to: jid, text: 'also to you' });
	await storage.start();
	await worksAgain('storage');
	expect(await person.api('messages/list', { jid })).toMatchObject({
		messages: expect.arrayContaining([
			expect.objectContaining({ text: 'storage is away' }),
			expect.objectContaining({ text: 'also to you' }),
		]),
	});
});

it('without the gateway: the door is closed, what happens meanwhile is recorded, sessions and tokens stay', async () => {
	const gateway = net.service('gateway');
	await gateway.kill();
	await expect(fetch(net.url)).rejects.toThrow();
	await simulator(net, '/admin/messages', { from: berta, to: jid, text: 'the door is closed' });
	await gateway.start();
	await vi.waitFor(async () => expect((await fetch(`${net.url}/readyz`)).status).toBe(200), waiting);
	await worksAgain('gateway');
	await using agent = await connectAgent(net, token);
	expect(await agent.call('list_starred_groups')).toMatchObject({ groups: [{ jid }] });
});

it('without webhooks: only webhooks are unavailable', async () => {
	const webhooks = net.service('webhooks');
	await webhooks.kill();
	await untilNobodyAnswers(net, 'webhooks');
	await expect(person.api('webhooks/list')).rejects.toMatchObject(refusal(503, 'unavailable'));
	await worksAgain('webhooks');
	await webhooks.start();
	await vi.waitFor(async () => expect(await person.api('webhooks/list')).toEqual({ webhooks: [] }), waiting);
});

it('without NATS or Postgres for a moment: clear sentences, and everything heals', async () => {
	await net.servers.nats?.kill();
	await expect(person.api('groups/list-starred')).rejects.toMatchObject(refusal(503, 'unavailable'));
	await net.servers.nats?.restart();
	await vi.waitFor(() => person.api('groups/list-starred'), waiting);
	await worksAgain('nats');
	await net.servers.postgres?.kill();
	await expect(person.api('groups/list-starred')).rejects.toMatchObject({ status: 503 });
	await net.servers.postgres?.restart();
	await vi.waitFor(() => person.api('groups/list-starred'), waiting);
	await worksAgain('postgres');
});

it('a service that dies by itself is started again without a hand', async () => {
	for (const name of ['connector', 'storage', 'gateway', 'webhooks'] as const) {
		const service = net.service(name);
		const before = service.pid();
		service.crash();
		await vi.waitFor(() => expect([undefined, before]).not.toContain(service.pid()), waiting);
		await service.ready();
		await vi.waitFor(() => person.api('devices/get'), waiting);
	}
	await worksAgain('crashes');
});
