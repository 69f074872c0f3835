import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Clients, startClients } from '@chat-manager/emulator/clients';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { connectAgent, signUp, waiting } from './support/person.ts';

const ana = '15550000001';
const berta = '15550000002';
const carla = '15550000003';
let net: Network;
let clients: Clients;

beforeAll(async () => {
	net = await startNetwork();
	clients = startClients();
});
afterAll(async () => {
	await clients[Symbol.asyncDispose]();
	await net[Symbol.asyncDispose]();
});

/** Another real Baileys client, linked to the simulated network as somebody else. */
async function linkSomebodyElse(phone: string) {
	const url = `${net.emulatorUrl.replace('http', 'ws')}/ws/chat`;
	const client = await clients.open(phone, { url, restart: true });
	const qr = await client.until(() => client.connections().find((update) => update.qr)?.qr, 'a QR code');
	await simulator(net, `/admin/mock-phone/scan-qr?phone=${phone}`, qr);
	await client.until(
		() => client.connections().some(({ connection }) => connection === 'open'),
		'being open',
	);
	return client;
}

it('goes the whole way: sign up, link, star, send, read it and the answer, through real clients at both ends (complaint 17)', async () => {
	const person = await signUp(net, 'ana');
	const jid = await makeGroup(net, ana, 'Support', [berta]);
	const somebody = await linkSomebodyElse(berta);
	await person.link(ana);
	expect(await person.api('groups/list')).toMatchObject({
		groups: [{ jid, name: 'Support', starred: false }],
	});
	expect(await person.api('groups/star', { jid })).toMatchObject({ jid, starred: true, participantCount: 2 });

	await using agent = await connectAgent(net, await person.token());
	const { tools } = await agent.client.listTools();
	expect(tools.map(({ name }) => name)).toEqual(
		expect.arrayContaining([
			'list_starred_groups',
			'get_group_messages',
			'star_group',
			'create_group',
			'send_group_message',
			'list_group_participants',
		]),
	);
	await vi.waitFor(async () => {
		expect(await person.api('groups/list-starred')).toMatchObject({
			groups: [{ jid, name: 'Support', participantCount: 2 }],
		});
	}, waiting);
	const sent = await agent.call('send_group_message', {
		jid,
		text: 'Good morning!',
		idempotencyKey: 'morning',
	});
	expect(sent).toMatchObject({ status: 'sent' });
	const arrived = await somebody.until(
		(client) => client.texts('Good morning!')[0],
		'the message, decrypted',
	);
	expect(arrived.message.key.id).toBe(sent.messageId);

	await somebody.send(jid, 'Good morning to you!');
	await vi.waitFor(async () => {
		expect(await person.api('messages/list', { jid })).toMatchObject({
			messages: [
				{ text: 'Good morning to you!', kind: 'text', sender: { phone: `+${berta}`, isYou: false } },
				{ id: sent.messageId, text: 'Good morning!', sender: { isYou: true } },
			],
			coverage: { storing: true },
		});
	}, waiting);
	expect(await agent.call('list_group_participants', { jid })).toMatchObject({ live: true });
	const made = await agent.call('create_group', { name: 'Acme Support', participants: [`+${berta}`] });
	expect(made).toMatchObject({ inviteLink: expect.stringMatching(/^https:\/\/chat\.whatsapp\.com\//) });
	await somebody.until(
		(client) => client.events.some(({ event }) => event === 'groups.upsert'),
		'the new group',
	);
});

it('works through the mcp-remote bridge of the product documentation', async () => {
	const person = await signUp(net, 'bridge');
	const phone = '15550000005';
	const jid = await makeGroup(net, phone, 'Bridged', ['15550000006']);
	const somebody = await linkSomebodyElse('15550000006');
	await person.link(phone);
	await person.api('groups/star', { jid });
	const token = await person.token();
	const bridge = join(import.meta.dirname, '../node_modules/mcp-remote/dist/proxy.js');
	const transport = new StdioClientTransport({
		command: process.execPath,
		args: [bridge, `${net.url}/mcp`, '--header', `Authorization: Bearer ${token}`],
		env: { HOME: net.dataDir, PATH: '/usr/bin:/bin' },
		stderr: 'ignore',
	});
	await using agent = await connectAgent(net, token, transport as Transport);
	expect((await agent.client.listTools()).tools.length).toBeGreaterThanOrEqual(6);
	expect(await agent.call('send_group_message', { jid, text: 'Over the bridge' })).toMatchObject({
		status: 'sent',
	});
	await somebody.until((client) => client.texts('Over the bridge')[0], 'the message, decrypted');
	await somebody.send(jid, 'And back');
	await vi.waitFor(async () => {
		expect(await person.api('messages/list', { jid })).toMatchObject({
			messages: [{ text: 'And back' }, {}],
		});
	}, waiting);
	expect(await agent.call('get_group_messages', { jid, limit: 1 })).toMatchObject({
		messages: [{ text: 'And back' }],
	});
});

it('runs the example of a client, which tells who came and went', async () => {
	const person = await signUp(net, 'example');
	const [phone, other] = ['15550000007', '15550000008'];
	const jid = await makeGroup(net, phone, 'Exemplary', []);
	await simulator(net, '/admin/accounts', { phone: other });
	await person.link(phone);
	await person.api('groups/star', { jid });
	await simulator(net, `/admin/groups/${jid}/participants`, { by: phone, action: 'add', phones: [other] });
	const env = { CM_URL: net.url, CM_TOKEN: await person.token() };
	const program = join(import.meta.dirname, '../examples/mcp-client/src/main.ts');
	const run = () => promisify(execFile)(process.execPath, [program], { env });
	await vi.waitFor(
		async () => expect((await run()).stdout).toBe(`Exemplary: joined +${other}; left nobody\n`),
		waiting,
	);
});

it('never shows a person the groups of another', async () => {
	const owner = await signUp(net, 'owner');
	const stranger = await signUp(net, 'stranger');
	const jid = await makeGroup(net, carla, 'Private', [berta]);
	await owner.link(carla);
	await owner.api('groups/star', { jid });
	await stranger.link('15550000004');
	const missing = '120363999999999999@g.us';
	await using agent = await connectAgent(net, await stranger.token());
	const tools: [string, Record<string, unknown>][] = [
		['get_group_messages', {}],
		['get_starred_group', {}],
		['get_membership_changes', {}],
		['list_group_participants', {}],
		['send_group_message', { text: 'x' }],
		['star_group', {}],
		['mark_group_visited', {}],
		['unstar_group', {}],
	];
	for (const [name, args] of tools) {
		const [foreign, none] = await Promise.all(
			[jid, missing].map((other) => agent.client.callTool({ name, arguments: { ...args, jid: other } })),
		);
		expect(foreign, name).toMatchObject({ isError: true });
		expect(foreign, name).toEqual(none);
	}
	expect(await agent.call('list_starred_groups')).toEqual({ groups: [], nextCursor: null });
});

it('puts no secret and nothing that anybody said into a log', async () => {
	const person = await signUp(net, 'secretive');
	const token = await person.token();
	await (await connectAgent(net, token)).call('list_starred_groups');
	const folder = join(net.dataDir, 'logs');
	const logs = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
	const all = logs.join('\n');
	expect(logs.length).toBeGreaterThanOrEqual(5);
	expect(all).toContain('lease taken');
	const secrets = JSON.stringify(net.secrets).match(/[\w+/=-]{32,}/g) ?? [];
	expect(secrets.length).toBeGreaterThanOrEqual(10);
	const said = ['Good morning', 'Over the bridge', 'And back', 'correct horse', 'secretive@example.com'];
	for (const secret of [...secrets, ...said, token, token.slice(-20), person.cookie]) {
		expect(all.includes(secret), `a log contains ${secret.slice(0, 12)}…`).toBe(false);
	}
});
