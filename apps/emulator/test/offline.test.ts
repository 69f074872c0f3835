import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { type LinkedClient, link, opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000211';
const B = '15550000212';
const V = '15550000213';

describe('a network that is away', () => {
	let world: World;
	let a: LinkedClient;
	let b: LinkedClient;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		a = await linked(A);
		b = await linked(B);
		group = world.emulator.groups.create({ by: V, subject: 'Away', participants: [A, B] }).id;
	});
	afterEach(() => world.emulator.faults.clear());
	afterAll(() => world[Symbol.asyncDispose]());

	const authPath = (phone: string) => join(world.folder, `${phone}.json`);
	const linked = (phone: string) => link(world.emulator, world.clients, phone, { authPath: authPath(phone) });
	const comeBack = (phone: string) =>
		world.clients.open(`${phone} again ${++count}`, { url: world.emulator.url, authPath: authPath(phone) });
	const cut = (client: Client) =>
		client.until(({ connections }) => connections().some(({ code }) => code === 428), 'close 428');

	it('cuts one account off, which finds no way back, while all others go on', async () => {
		const { id } = world.emulator.faults.add({ kind: 'offline', device: A });
		await cut(a.client);
		await cut(await comeBack(A));
		expect(world.emulator.devices.list(A)).toMatchObject([{ online: false }]);
		await world.emulator.phones.send(V, group, 'while A is away');
		await b.client.until(({ texts }) => texts('while A is away')[0], 'the message at B');
		expect(world.emulator.faults.list()).toMatchObject([{ hits: 1, spent: false }]);
		world.emulator.faults.remove(id);
		const back = await comeBack(A);
		await opened(back);
		const { type } = await back.until(({ texts }) => texts('while A is away')[0], 'the message that waited');
		expect(type).toBe('append');
		a = { ...a, client: back };
	});

	it('cuts everybody off, those who wait to be linked, too, and comes back after its time', async () => {
		const waiting = await world.clients.open('waiting', { url: world.emulator.url });
		await waiting.until(({ connections }) => connections().find(({ qr }) => qr), 'a QR code');
		expect(world.emulator.phones.waiting()).toHaveLength(1);
		const { id } = world.emulator.faults.add({ kind: 'offline', forMs: 3_600_000 });
		await Promise.all([a.client, b.client, waiting].map(cut));
		await cut(await world.clients.open('too late', { url: world.emulator.url }));
		expect(world.emulator.phones.waiting()).toEqual([]);
		world.emulator.faults.remove(id);
		world.emulator.faults.add({ kind: 'offline', forMs: 50 });
		await world.emulator.waitFor(() => world.emulator.faults.list()[0]?.spent);
		for (const phone of [A, B]) await opened(await comeBack(phone));
	});
});

let count = 0;
