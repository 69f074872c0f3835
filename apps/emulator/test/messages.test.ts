import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../src/index.ts';
import { type Clients, startClients } from './support/clients.ts';
import { type LinkedClient, link, opened } from './support/link.ts';
import { receiptsOf } from './support/receipts.ts';

const A = '15550000011';
const B = '15550000012';
const V = '15550000013';

describe('messages', () => {
	let emulator: Emulator;
	let clients: Clients;
	let a: LinkedClient;
	let b: LinkedClient;
	let group: string;
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'emulator-'));
		emulator = await createEmulator();
		clients = startClients();
		emulator.accounts.create({ phone: V, pushName: 'Vera' });
		a = await link(emulator, clients, A);
		b = await link(emulator, clients, B);
		const metadata = await a.client.call('groupCreate', 'Lunch', [
			`${B}@s.whatsapp.net`,
			`${V}@s.whatsapp.net`,
		]);
		group = metadata.id;
	});
	afterAll(async () => {
		await clients.kill();
		await emulator.close();
		await rm(folder, { recursive: true });
	});

	it('go from client to client and to a simulated phone in a group', async () => {
		await a.client.send(group, 'hello from A');
		const { message } = await b.client.until(({ texts }) => texts('hello from A')[0], 'the message at B');
		expect(message.key).toMatchObject({ remoteJid: group, fromMe: false });
		const read = await emulator.waitFor(() => emulator.phones.read(V, group)[0]);
		expect(read).toMatchObject({ text: 'hello from A', author: A, authorDeviceId: 1, chat: group });
		await b.client.send(group, 'hello from B');
		await a.client.until(({ texts }) => texts('hello from B')[0], 'the answer at A');
		await emulator.waitFor(() => emulator.phones.read(V, group).some(({ text }) => text === 'hello from B'));
	});

	it('go from a simulated phone to the clients, with receipts back', async () => {
		const { id } = await emulator.phones.send(V, group, 'hello from V');
		const { message } = await a.client.until(({ texts }) => texts('hello from V')[0], 'the message at A');
		expect(message).toMatchObject({ pushName: 'Vera', key: { id, participantAlt: `${V}@s.whatsapp.net` } });
		await b.client.until(({ texts }) => texts('hello from V')[0], 'the message at B');
		await emulator.waitFor(() => {
			const phones = new Set(emulator.phones.receipts(V, id).map(({ phone }) => phone));
			return phones.has(A) && phones.has(B);
		});
		await emulator.waitFor(() => emulator.devices.list().every(({ queueLength }) => queueLength === 0));
	});

	it('show an account what its own phone has sent', async () => {
		await emulator.phones.send(A, group, 'from my phone');
		const { message } = await a.client.until(({ texts }) => texts('from my phone')[0], 'the message at A');
		expect(message.key.fromMe).toBe(true);
		await b.client.until(({ texts }) => texts('from my phone')[0], 'the message at B');
	});

	it('go directly between people', async () => {
		await a.client.send(`${V}@s.whatsapp.net`, 'just you');
		await emulator.waitFor(() => emulator.phones.read(V, A).some(({ text }) => text === 'just you'));
		await emulator.waitFor(() => emulator.phones.read(A, V).some(({ text }) => text === 'just you'));
		await emulator.phones.send(V, A, 'and you');
		await a.client.until(({ texts }) => texts('and you')[0], 'the answer at A');
		await a.client.send(`${B}@s.whatsapp.net`, 'A to B');
		await b.client.until(({ texts }) => texts('A to B')[0], 'the message at B');
	});

	it('keep their order at every member, however many write at once', async () => {
		await emulator.phones.settled();
		const known = emulator.phones.read(A, group).length;
		const writers = Array.from({ length: 8 }, (_, index) => [
			a.client.call('sendMessage', group, { text: `order A${index}` }),
			b.client.call('sendMessage', group, { text: `order B${index}` }),
			emulator.phones.send(V, group, `order V${index}`),
		]);
		await Promise.all(writers.flat());
		await emulator.waitFor(() => emulator.phones.read(A, group).length === known + 24);
		const order = emulator.phones.read(A, group).slice(known);
		const from = (authors: string[]) =>
			order.filter(({ author }) => authors.includes(author)).map(({ id }) => id);
		const atA = await a.client.until(
			({ texts }) => texts('order B7')[0] && texts('order V7')[0],
			'all messages at A',
		);
		expect(atA.type).toBe('notify');
		/** As they came, once all are there: who writes eight at once need not send them in their order. */
		const arrived = async ({ client }: LinkedClient, ids: string[]) => {
			const found = () => client.arrivals().filter((id) => ids.includes(id));
			await client.until(() => found().length >= ids.length, 'all messages');
			return found();
		};
		expect(await arrived(a, from([B, V]))).toEqual(from([B, V]));
		await b.client.until(({ texts }) => texts('order A7')[0] && texts('order V7')[0], 'all messages at B');
		expect(await arrived(b, from([A, V]))).toEqual(from([A, V]));
	});

	it('come again, marked as offline, when a client was killed before it acknowledged them', async () => {
		const authPath = join(folder, 'killed.json');
		const phone = '15550000014';
		await using first = startClients();
		const { client, linked } = await link(emulator, first, phone, { authPath });
		emulator.groups.changeParticipants(group, A, 'add', [phone]);
		await client.until(({ events }) => events.some(({ event }) => event === 'groups.upsert'), 'the group');
		await emulator.phones.send(V, group, 'one');
		await client.until(({ texts }) => texts('one')[0], 'the first message');
		// What the phone sends a new device would kill the next client, too.
		await emulator.phones.settled();
		await emulator.waitFor(() => emulator.devices.queue(linked.jid).length === 0);
		await first.kill();

		await using second = startClients();
		const doomed = await second.open('doomed', { url: emulator.url, authPath, dieOnMessage: true });
		await opened(doomed);
		await emulator.phones.send(V, group, 'two');
		await second.exited;
		await emulator.phones.send(V, group, 'three');
		await a.client.send(group, 'four');
		await emulator.waitFor(
			() => emulator.devices.queue(linked.jid).filter(({ tag }) => tag === 'message').length === 3,
		);

		await using third = startClients();
		const back = await third.open('back', { url: emulator.url, authPath });
		await opened(back);
		await back.until(({ texts }) => texts('four')[0], 'the last message');
		const types = ['two', 'three', 'four'].map((text) => back.texts(text).map(({ type }) => type));
		expect(types).toEqual([['append'], ['append'], ['append']]);
		await emulator.waitFor(() => emulator.devices.queue(linked.jid).length === 0);
	});

	it('are sent again when a client has lost the sender key', async () => {
		await b.client.forget('sender-key');
		await emulator.phones.send(V, group, 'after the loss, from V');
		await b.client.until(({ texts }) => texts('after the loss, from V')[0], 'the message of V at B');
		await a.client.send(group, 'after the loss, from A');
		await b.client.until(({ texts }) => texts('after the loss, from A')[0], 'the message of A at B');
	});

	it('are sent again directly when a client has lost its sessions', async () => {
		await b.client.forget('session');
		await a.client.send(`${B}@s.whatsapp.net`, 'direct, after the loss, from A');
		await b.client.until(({ texts }) => texts('direct, after the loss, from A')[0], 'the message of A at B');
		await b.client.forget('session');
		await emulator.phones.send(V, B, 'direct, after the loss, from V');
		await b.client.until(({ texts }) => texts('direct, after the loss, from V')[0], 'the message of V at B');
		const online = () => emulator.devices.list().filter((device) => device.online);
		await emulator.waitFor(() => online().every(({ queueLength }) => queueLength === 0));
	});

	it('carry read receipts back to the author', async () => {
		const sent = await a.client.send(group, 'read me');
		const { message } = await b.client.until(({ texts }) => texts('read me')[0], 'the message at B');
		await b.client.call('readMessages', [message.key]);
		await a.client.until(
			(client) => receiptsOf(client, sent.key.id).some(({ readTimestamp }) => readTimestamp),
			'the receipt at A',
		);
		const { id } = await emulator.phones.send(V, group, 'read me, too');
		const next = await b.client.until(({ texts }) => texts('read me, too')[0], 'the message of V at B');
		await b.client.call('readMessages', [next.message.key]);
		await emulator.waitFor(() =>
			emulator.phones.receipts(V, id).some(({ phone, type }) => phone === B && type === 'read'),
		);
	});
});
