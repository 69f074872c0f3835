import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../src/index.ts';
import { startClients } from './support/clients.ts';
import { link, opened } from './support/link.ts';

const A = '15550000031';
const V = '15550000032';

describe('the state file', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'emulator-'));
	});
	afterAll(() => rm(folder, { recursive: true }));

	it('lets a linked client log in to a restarted emulator and talk on', async () => {
		const statePath = join(folder, 'state.json');
		const authPath = join(folder, 'client.json');
		await using clients = startClients();
		const before = await createEmulator({ statePath });
		before.accounts.create({ phone: V, pushName: 'Vera' });
		const { client, linked } = await link(before, clients, A, { authPath });
		const group = await client.call('groupCreate', 'Stays', [`${V}@s.whatsapp.net`]);
		await client.send(group.id, 'before, from A');
		await before.waitFor(() => before.phones.read(V, group.id).length === 1);
		await before.phones.send(V, group.id, 'before, from V');
		await client.until(({ texts }) => texts('before, from V')[0], 'the message before');
		await before.waitFor(() => before.devices.queue(linked.jid).length === 0);
		await client.end();
		await before.phones.send(V, group.id, 'while away');
		await before.close();

		await using after = await createEmulator({ statePath });
		const back = await clients.open('back', { url: after.url, authPath });
		await opened(back);
		await back.until(({ texts }) => texts('while away')[0], 'the message kept in the queue');
		await after.phones.send(V, group.id, 'after, from V');
		await back.until(({ texts }) => texts('after, from V')[0], 'the message after');
		await back.send(group.id, 'after, from A');
		await after.waitFor(() => after.phones.read(V, group.id).some(({ text }) => text === 'after, from A'));
		const stubs = back
			.upserts()
			.flatMap(({ messages }) => messages.filter(({ messageStubType }) => messageStubType === 2));
		expect(stubs).toEqual([]);
		expect(after.phones.read(V, group.id).map(({ text }) => text)).toEqual([
			'before, from A',
			'before, from V',
			'while away',
			'after, from V',
			'after, from A',
		]);
	});

	it('may have lost keys: a phone then asks for what it cannot read', async () => {
		const statePath = join(folder, 'lost.json');
		const authPath = join(folder, 'lost-client.json');
		await using clients = startClients();
		const before = await createEmulator({ statePath });
		before.accounts.create({ phone: V });
		const { client } = await link(before, clients, A, { authPath });
		const group = await client.call('groupCreate', 'Loses', [`${V}@s.whatsapp.net`]);
		await client.send(group.id, 'before');
		await before.waitFor(() => before.phones.read(V, group.id).length === 1);
		await client.end();
		await before.close();

		const state = JSON.parse(await readFile(statePath, 'utf8'));
		for (const vault of state.vaults)
			vault.keys = vault.keys.filter(([type]: [string]) => type !== 'sender-key');
		await writeFile(statePath, JSON.stringify(state));

		await using after = await createEmulator({ statePath });
		const back = await clients.open('back', { url: after.url, authPath });
		await opened(back);
		await back.send(group.id, 'after');
		await after.waitFor(() => after.phones.read(V, group.id).some(({ text }) => text === 'after'));
	});

	it('is refused when it is damaged', async () => {
		const statePath = join(folder, 'damaged.json');
		await writeFile(statePath, '{"version":1}');
		await expect(createEmulator({ statePath })).rejects.toThrow('is not a state file');
	});
});
