import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferJSON, proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verify } from '../src/crypto/xeddsa.ts';
import type { LinkedDevice } from '../src/index.ts';
import { deviceSignatureMessage, verifyDeviceSignature } from '../src/pairing/adv.ts';
import type { Client } from './support/clients.ts';
import { opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const V = '15550000061';
const keyPair = z.object({ private: z.instanceof(Uint8Array), public: z.instanceof(Uint8Array) });
const Creds = z.object({
	me: z.object({ id: z.string(), lid: z.string() }),
	signedIdentityKey: keyPair,
	account: z.record(
		z.enum(['details', 'accountSignatureKey', 'accountSignature', 'deviceSignature']),
		z.any(),
	),
});

describe('devices that are already linked', () => {
	let world: World;
	beforeAll(async () => {
		world = await createWorld();
	});
	afterAll(() => world[Symbol.asyncDispose]());

	async function open(device: LinkedDevice): Promise<Client> {
		const authPath = join(world.folder, `${device.phone}.json`);
		await writeFile(authPath, JSON.stringify(device.auth));
		const client = await world.clients.open(device.phone, { url: world.emulator.url, authPath });
		await opened(client);
		return client;
	}

	it('log in without a QR code, and read and write in groups and directly', async () => {
		const { emulator } = world;
		emulator.accounts.create({ phone: V, pushName: 'Vera' });
		const group = emulator.groups.create({ by: V, subject: 'Load' }).id;
		const [one, two] = await emulator.linkedDevices(2, { groups: [group] });
		if (!one || !two) throw new Error('Two devices were asked for.');
		const a = await open(one);
		const b = await open(two);
		expect(a.connections().some(({ qr, code }) => qr || code)).toBe(false);
		expect(emulator.devices.list(one.phone)).toMatchObject([{ jid: one.jid, preKeys: 30, online: true }]);

		await emulator.phones.send(V, group, 'from a phone');
		for (const client of [a, b])
			await client.until(({ texts }) => texts('from a phone')[0], 'the message of V');
		await a.send(group, 'from a client');
		await b.until(({ texts }) => texts('from a client')[0], 'the message of A');
		await emulator.waitFor(() => emulator.phones.read(V, group).some(({ text }) => text === 'from a client'));
		await b.send(`${one.phone}@s.whatsapp.net`, 'between the two');
		await a.until(({ texts }) => texts('between the two')[0], 'the direct message at A');
		await a.send(`${V}@s.whatsapp.net`, 'to the phone');
		await emulator.waitFor(() =>
			emulator.phones.read(V, one.phone).some(({ text }) => text === 'to the phone'),
		);
		await emulator.waitFor(() => emulator.devices.list().every(({ queueLength }) => queueLength === 0));
	});

	it('are vouched for by their phone and vouch for it', async () => {
		const [device] = await world.emulator.linkedDevices(1, { phonePrefix: '4915', preKeys: 3 });
		expect(device?.phone).toMatch(/^4915[0-9]{7}$/);
		const auth = JSON.parse(JSON.stringify(device?.auth), BufferJSON.reviver);
		const { me, signedIdentityKey, account } = Creds.parse(auth.creds);
		expect({ me }).toMatchObject({ me: { id: device?.jid, lid: device?.lid } });
		expect(Object.keys(auth.keys['pre-key'])).toEqual(['1', '2', '3']);
		const [companionIdentity, phoneIdentity] = [signedIdentityKey.public, account.accountSignatureKey];
		const { details } = account;
		const answer = proto.ADVSignedDeviceIdentity.encode(account).finish();
		verifyDeviceSignature({ answer, details, companionIdentity, phoneIdentity });
		const signedByPhone = Buffer.concat([Buffer.from([6, 0]), details, companionIdentity]);
		expect(verify(phoneIdentity, signedByPhone, account.accountSignature)).toBe(true);
		const other = deviceSignatureMessage(details, phoneIdentity, companionIdentity);
		expect(verify(companionIdentity, other, account.deviceSignature)).toBe(false);
	});

	it('have numbers nobody else has', async () => {
		const { emulator } = world;
		emulator.accounts.create({ phone: '49170000002' });
		const first = await emulator.linkedDevices(2, { phonePrefix: '4917' });
		const second = await emulator.linkedDevices(1, { phonePrefix: '4917' });
		expect([...first, ...second].map(({ phone }) => phone)).toEqual([
			'49170000001',
			'49170000003',
			'49170000004',
		]);
		await expect(emulator.linkedDevices(0)).rejects.toMatchObject({ code: 400 });
		await expect(emulator.linkedDevices(1, { groups: ['1'] })).rejects.toMatchObject({ code: 404 });
	});

	it('come over the admin API line by line', async () => {
		const { emulator } = world;
		const ask = (body: unknown) =>
			fetch(`${emulator.adminUrl}/linked-devices`, { method: 'POST', body: JSON.stringify(body) });
		const response = await ask({ count: 3, phonePrefix: '4918', preKeys: 8 });
		expect(response.headers.get('content-type')).toBe('application/x-ndjson');
		const lines = (await response.text()).trimEnd().split('\n');
		const devices: LinkedDevice[] = lines.map((line) => JSON.parse(line));
		expect(devices).toHaveLength(3);
		const [device] = devices;
		if (!device) throw new Error('Three devices were asked for.');
		await open(device);
		const refused = await ask({ count: 1, groups: ['1'] });
		expect([refused.status, await refused.json()]).toEqual([404, { error: 'There is no group 1@g.us.' }]);
		expect((await ask({ count: 'many' })).status).toBe(400);
	});
});
