import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferJSON } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { generateKeyPair } from '../src/crypto/x25519.ts';
import { verify } from '../src/crypto/xeddsa.ts';
import { Refusal } from '../src/network/refusal.ts';
import { createAdvOffer, verifyDeviceSignature } from '../src/pairing/adv.ts';
import type { Client } from './support/clients.ts';
import { link, opened } from './support/link.ts';
import type { OpenOptions } from './support/protocol.ts';
import { createWorld, type World } from './support/world.ts';

describe('linking', () => {
	let world: World;
	let skewMs = 0;
	beforeAll(async () => {
		world = await createWorld({ clock: () => Date.now() + skewMs });
	});
	afterAll(() => world[Symbol.asyncDispose]());

	/** A new client that shows a QR code. */
	async function waiting(name: string, options: Partial<OpenOptions> = {}): Promise<[Client, string]> {
		const client = await world.clients.open(name, { url: world.emulator.url, ...options });
		const { qr = '' } = await client.until(
			({ connections }) => connections().find((update) => update.qr),
			'a QR code',
		);
		return [client, qr];
	}
	/** The code that a client shows for a number, once the network knows that it does. */
	async function codeOf(client: Client, phone: string, custom?: string): Promise<string> {
		const code: string = await client.call('requestPairingCode', phone, ...(custom ? [custom] : []));
		await world.emulator.waitFor(() =>
			world.emulator.phones.waiting().some(({ codeFor }) => codeFor === phone),
		);
		return code;
	}
	const closed = (client: Client, code: number) =>
		client.until(({ connections }) => connections().find((update) => update.code === code), `close ${code}`);

	describe('by code', () => {
		it('links a client that was given the right code', async () => {
			const [client] = await waiting('code');
			const code = await codeOf(client, '15550002001');
			expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{8}$/);
			const asTyped = `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase();
			const linked = await world.emulator.phones.enterCode('15550002001', asTyped);
			expect(linked.jid).toBe('15550002001:1@s.whatsapp.net');
			await opened(client);
			await world.emulator.waitFor(() => world.emulator.devices.list('15550002001')[0]?.online);
		});

		it('links with a code of the client’s own choice', async () => {
			const [client] = await waiting('custom');
			expect(await codeOf(client, '15550002002', 'CHATMNGR')).toBe('CHATMNGR');
			await world.emulator.phones.enterCode('15550002002', 'CHATMNGR');
			await opened(client);
		});

		it('cuts off a client whose code was typed wrongly, and leaves it with a useless identity', async () => {
			const authPath = join(world.folder, 'wrong-code.json');
			const [client] = await waiting('wrong', { authPath });
			await codeOf(client, '15550002003');
			await expect(world.emulator.phones.enterCode('15550002003', 'WRNG-CDE1')).rejects.toMatchObject({
				code: 403,
			});
			await closed(client, 428);
			expect(world.emulator.accounts.get('15550002003')?.devices).toEqual([]);
			const again = await world.clients.open('wrong again', { url: world.emulator.url, authPath });
			await closed(again, 401);
		});

		it('says so when nobody has asked for a code', async () => {
			await expect(world.emulator.phones.enterCode('15550002009', 'ABCD-1234')).rejects.toMatchObject({
				code: 404,
			});
		});
	});

	describe('by QR code', () => {
		it('shows six of them, one after the other, and gives up after the last', async () => {
			const [client] = await waiting('rotating', { settings: { qrTimeout: 120 } });
			await closed(client, 408);
			const shown = client.connections().flatMap(({ qr }) => qr ?? []);
			expect(new Set(shown).size).toBe(6);
			await expect(world.emulator.phones.scanQr(shown[0] ?? '')).rejects.toBeInstanceOf(Refusal);
		});

		it('takes a later one, and not one that has expired', async () => {
			// After the second one it shows four more; then it has to be linked, whatever else goes on.
			const [client, first] = await waiting('late', { settings: { qrTimeout: 1500 } });
			const second = await client.until(({ connections }) => {
				const shown = connections().flatMap(({ qr }) => qr ?? []);
				return shown[1];
			}, 'the second QR code');
			onTestFinished(() => {
				skewMs = 0;
			});
			skewMs = 61_000;
			await expect(world.emulator.phones.scanQr(first)).rejects.toMatchObject({ code: 410 });
			const { jid } = await world.emulator.phones.scanQr(second, { phone: '15550002011' });
			skewMs = 0;
			expect(jid).toBe('15550002011:1@s.whatsapp.net');
			await opened(client);
			await expect(world.emulator.phones.scanQr(second)).rejects.toMatchObject({ code: 404 });
		});

		it('works over TLS', async () => {
			const { client } = await link(world.emulator, world.clients, '15550002012', {
				url: world.emulator.secureUrl,
			});
			expect(client.connections().some(({ connection }) => connection === 'open')).toBe(true);
		});
	});

	describe('several companions', () => {
		it('live side by side until one is removed', async () => {
			const phone = '15550002021';
			const first = await link(world.emulator, world.clients, phone);
			const second = await link(world.emulator, world.clients, phone);
			const third = await link(world.emulator, world.clients, phone);
			expect(world.emulator.accounts.get(phone)?.devices).toHaveLength(3);
			world.emulator.devices.unlink(second.linked.jid);
			await closed(second.client, 401);
			await third.client.call('logout');
			await closed(third.client, 401);
			await world.emulator.waitFor(() => world.emulator.accounts.get(phone)?.devices.length === 1);
			expect(first.client.connections().some(({ code }) => code === 401)).toBe(false);
			expect(await first.client.call('fetchBlocklist')).toEqual([]);
		});
	});

	describe('signatures', () => {
		it('of the account are right, by a verifier that checks', async () => {
			const authPath = join(world.folder, 'signed.json');
			await link(world.emulator, world.clients, '15550002031', { authPath });
			const { creds } = JSON.parse(await readFile(authPath, 'utf8'), BufferJSON.reviver);
			const [details, signature, key] = ['details', 'accountSignature', 'accountSignatureKey'].map((name) =>
				Buffer.from(creds.account[name], 'base64'),
			);
			assert(details && signature && key);
			const message = Buffer.concat([Buffer.from([6, 0]), details, creds.signedIdentityKey.public]);
			expect(verify(key, message, signature)).toBe(true);
			message.writeUInt8(message.readUInt8(5) ^ 1, 5);
			expect(verify(key, message, signature)).toBe(false);
		});

		it('of a device are refused when they are wrong', () => {
			const phoneIdentity = generateKeyPair();
			const companion = generateKeyPair();
			const { details, blob } = createAdvOffer({
				phoneIdentity,
				companionIdentity: companion.public,
				advSecret: Buffer.alloc(32),
				keyIndex: 1,
				nowMs: 0,
			});
			const parts = { details, companionIdentity: companion.public, phoneIdentity: phoneIdentity.public };
			expect(() => verifyDeviceSignature({ ...parts, answer: blob })).toThrow('signed its device identity');
		});
	});
});
