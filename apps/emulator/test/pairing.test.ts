import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneFor } from '../src/network/accounts.ts';
import { link, opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

describe('linking and logging in', () => {
	let world: World;
	beforeAll(async () => {
		world = await createWorld();
	});
	afterAll(() => world[Symbol.asyncDispose]());

	it('links by QR code, restarts with 515 and logs in with a set of one-time keys', async () => {
		const { emulator, clients } = world;
		const { client, linked } = await link(emulator, clients, '15550001111');
		expect(linked).toMatchObject({ phone: '15550001111', jid: '15550001111:1@s.whatsapp.net' });
		expect(client.connections().map(({ connection, code }) => [connection, code])).toContainEqual([
			'close',
			515,
		]);
		const device = await emulator.waitFor(() =>
			emulator.devices.list('15550001111').find(({ online }) => online),
		);
		expect(device.preKeys).toBeGreaterThan(800);
	});

	it('logs in again without a QR code, and only with its own Noise key', async () => {
		const { emulator, clients, folder } = world;
		const authPath = join(folder, 'again.json');
		const { client } = await link(emulator, clients, '15550001112', { authPath });
		await client.end();
		const again = await clients.open('again', { url: emulator.url, authPath });
		await opened(again);
		expect(again.connections().some(({ qr }) => qr)).toBe(false);
		await again.end();
		const thief = await clients.open('thief', { url: emulator.url, authPath, wrongNoiseKey: true });
		const closed = await thief.until(
			({ connections }) => connections().find(({ code }) => code),
			'the refusal',
		);
		expect(closed.code).toBe(401);
	});

	it('replaces the older connection of a device', async () => {
		const { emulator, clients, folder } = world;
		const authPath = join(folder, 'twice.json');
		const { client, linked } = await link(emulator, clients, '15550001113', { authPath });
		const newer = await clients.open('newer', { url: emulator.url, authPath });
		await opened(newer);
		const closed = await client.until(
			({ connections }) => connections().find(({ code }) => code === 440),
			'the conflict',
		);
		expect(closed.connection).toBe('close');
		const online = () => emulator.devices.list(linked.phone).map((device) => device.online);
		await emulator.waitFor(() => online()[0]);
		expect(newer.connections().some(({ code }) => code)).toBe(false);
		// The older client, the newer one.
		expect(emulator.devices.sessions(linked.phone).map(({ end }) => end)).toEqual(['replaced', null]);
	});

	it('gives every device of an account an id of its own, and never one again', async () => {
		const { emulator, clients } = world;
		const phone = '15550001114';
		const first = await link(emulator, clients, phone);
		const second = await link(emulator, clients, phone);
		await second.client.call('logout');
		await emulator.waitFor(() => emulator.devices.list(phone).length === 1);
		const third = await link(emulator, clients, phone);
		expect([first, second, third].map(({ linked }) => linked.jid)).toEqual([
			`${phone}:1@s.whatsapp.net`,
			`${phone}:2@s.whatsapp.net`,
			`${phone}:3@s.whatsapp.net`,
		]);
	});

	it('asks a device for more one-time keys when they run low', async () => {
		const { emulator, clients } = world;
		const { linked } = await link(emulator, clients, '15550001116');
		const { client } = await link(emulator, clients, '15550001117');
		const left = () => emulator.devices.list('15550001116')[0]?.preKeys ?? 0;
		const user = { tag: 'user', attrs: { jid: linked.jid } };
		const key = { tag: 'key', attrs: {}, content: Array.from({ length: left() - 2 }, () => user) };
		const iq = { tag: 'iq', attrs: { type: 'get', xmlns: 'encrypt', to: '@s.whatsapp.net' }, content: [key] };
		await client.call('query', iq);
		await emulator.waitFor(() => left() > 2);
	});

	it('logs a device out when the phone unlinks it', async () => {
		const { emulator, clients, folder } = world;
		const authPath = join(folder, 'unlinked.json');
		const { client, linked } = await link(emulator, clients, '15550001115', { authPath });
		emulator.devices.unlink(linked.jid);
		const closed = await client.until(
			({ connections }) => connections().find(({ code }) => code === 401),
			'the logout',
		);
		expect(closed.code).toBe(401);
		const back = await clients.open('unlinked', { url: emulator.url, authPath });
		await back.until(({ connections }) => connections().some(({ code }) => code === 401), 'the refusal');
	});

	it('chooses the account by the name the client sends, else a default one', async () => {
		const { emulator, clients } = world;
		const client = await clients.open('ada', { url: emulator.url, pushName: 'Ada' });
		const { qr } = await client.until(
			({ connections }) => connections().find((update) => update.qr),
			'a QR code',
		);
		const linked = await emulator.phones.scanQr(qr ?? '');
		expect(linked.phone).toBe(phoneFor('Ada'));
		expect(emulator.accounts.get(linked.phone)?.pushName).toBe('Ada');
	});

	it('refuses QR codes that nobody shows, or that were tampered with', async () => {
		const { emulator, clients } = world;
		await expect(emulator.phones.scanQr('2@nothing,a,b,c,1')).rejects.toMatchObject({ code: 404 });
		const client = await clients.open('tampered', { url: emulator.url });
		const { qr = '' } = await client.until(
			({ connections }) => connections().find((update) => update.qr),
			'a QR code',
		);
		const [ref, , identity, secret] = qr.slice(qr.indexOf('#') + 1).split(',');
		const other = Buffer.alloc(32, 1).toString('base64');
		await expect(emulator.phones.scanQr([ref, other, identity, secret].join(','))).rejects.toMatchObject({
			code: 400,
		});
	});
});
