import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { link, opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000081';
const B = '15550000082';
const V = '15550000083';
const jid = (phone: string) => `${phone}@s.whatsapp.net`;

describe('accounts with a life', () => {
	let world: World;
	let a: Client;
	let twin: Client;
	let b: Client;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		world.emulator.accounts.create({ phone: A, pushName: 'Ada' });
		a = (await link(world.emulator, world.clients, A, { authPath: `${world.folder}/a.json` })).client;
		twin = (await link(world.emulator, world.clients, A)).client;
		b = (await link(world.emulator, world.clients, B)).client;
		group = (await a.call('groupCreate', 'Life', [jid(B), jid(V)])).id;
		await b.until((one) => one.of('groups.upsert')[0], 'the group at B');
	});
	afterAll(() => world[Symbol.asyncDispose]());

	/** Asks until it is so: events tell of a change, the state follows. */
	async function until<Answer>(
		ask: () => Promise<Answer>,
		right: (answer: Answer) => boolean,
	): Promise<Answer> {
		for (;;) {
			const answer = await ask();
			if (right(answer)) return answer;
		}
	}
	const nameOf = async (client: Client) => (await client.me())?.name;

	it('tell their devices the own name, and others with the next message', async () => {
		await until(
			() => nameOf(a),
			(name) => name === 'Ada',
		);
		world.emulator.accounts.setPushName(A, 'Ada Lovelace');
		await until(
			() => nameOf(twin),
			(name) => name === 'Ada Lovelace',
		);
		await a.call('updateProfileName', 'Countess');
		await until(
			() => nameOf(twin),
			(name) => name === 'Countess',
		);
		await world.emulator.waitFor(() => world.emulator.accounts.get(A)?.pushName === 'Countess');
		await a.send(group, 'as Countess');
		const { message } = await b.until(({ texts }) => texts('as Countess')[0], 'the message at B');
		expect(message.pushName).toBe('Countess');
	});

	it('sync settings of chats between devices, both ways', async () => {
		const until = Date.now() + 3_600_000;
		await a.call('chatModify', { mute: until }, group);
		const muted = (client: Client, end: number) =>
			client.until(
				(one) =>
					one
						.of('chats.update')
						.flat()
						.find((update) => update.id === group && Number(update.muteEndTime) === end),
				'the mute',
			);
		await muted(twin, until);
		const setting = () =>
			world.emulator.accounts.settings(A).find(({ index }) => index[0] === 'mute' && index[1] === group);
		await world.emulator.waitFor(setting);
		await world.emulator.accounts.changeSetting(A, { mute: until + 1000 }, group);
		await muted(a, until + 1000);
		await muted(twin, until + 1000);
	});

	it('give a new device a snapshot and what came after it', async () => {
		const { emulator, clients } = world;
		await emulator.accounts.compactSettings(A);
		const later = Date.now() + 7_200_000;
		// Of a chat that is not in its history, Baileys drops what the first sync says.
		const other = emulator.groups.create({ by: V, subject: 'Other', participants: [A] }).id;
		await emulator.accounts.changeSetting(A, { mute: later }, other);
		const fresh = (await link(emulator, clients, A)).client;
		const chats = () => {
			const known = fresh.of('messaging-history.set').flatMap((set) => set.chats);
			return [...known, ...fresh.of('chats.update').flat()].filter((chat) => chat.muteEndTime);
		};
		await fresh.until(() => chats().some(({ id }) => id === group), 'the mute from the snapshot');
		await fresh.until(() => chats().some(({ id }) => id === other), 'the mute from the patch');
		await fresh.call('logout');
		await emulator.waitFor(() => emulator.accounts.get(A)?.devices.length === 2);
	});

	it('refuse a change of settings that is made for an older version', async () => {
		const collection = {
			tag: 'collection',
			attrs: { name: 'regular', version: '7', return_snapshot: 'false' },
			content: [{ tag: 'patch', attrs: {}, content: Buffer.from([]) }],
		};
		const sync = { tag: 'sync', attrs: {}, content: [collection] };
		const answer = await a.call('query', {
			tag: 'iq',
			attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
			content: [sync],
		});
		expect(JSON.stringify(answer)).toContain('"code":"409"');
	});

	it('have profile pictures, for those who may see them', async () => {
		const { emulator } = world;
		await expect(b.call('profilePictureUrl', jid(V))).rejects.toMatchObject({ code: 404 });
		emulator.accounts.setPicture(V, Buffer.from('a picture'));
		const lid = emulator.accounts.get(V)?.lid;
		await b.until(
			(one) =>
				one
					.of('contacts.update')
					.flat()
					.some((update) => update.id === lid && update.imgUrl === 'changed'),
			'the new picture',
		);
		expect(await b.call('profilePictureUrl', jid(V))).toContain(`:${emulator.tlsPort}/pictures/`);
		emulator.accounts.setPrivacy(V, { profile: 'contacts' });
		await expect(b.call('profilePictureUrl', jid(V))).rejects.toMatchObject({ code: 401 });
		emulator.accounts.setContacts(V, [B]);
		expect(await b.call('profilePictureUrl', jid(V))).toContain('/pictures/');
		const picture = { tag: 'picture', attrs: { type: 'image' }, content: Buffer.from('my picture') };
		await a.call('query', {
			tag: 'iq',
			attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:profile:picture' },
			content: [picture],
		});
		expect(emulator.accounts.get(A)?.hasPicture).toBe(true);
		await a.call('removeProfilePicture', jid(A));
		expect(emulator.accounts.get(A)?.hasPicture).toBe(false);
	});

	it('keep privacy settings, the line about themselves and the time messages stay', async () => {
		expect((await a.call('fetchPrivacySettings', true)).last).toBe('all');
		await a.call('updateLastSeenPrivacy', 'contacts');
		await a.call('updateReadReceiptsPrivacy', 'none');
		expect(await twin.call('fetchPrivacySettings', true)).toMatchObject({
			last: 'contacts',
			readreceipts: 'none',
		});
		await a.call('updateReadReceiptsPrivacy', 'all');
		await a.call('updateProfileStatus', 'counting');
		expect(await b.call('fetchStatus', jid(A))).toMatchObject([{ status: { status: 'counting' } }]);
		await a.call('updateDefaultDisappearingMode', 86_400);
		expect(await b.call('fetchDisappearingDuration', jid(A))).toMatchObject([
			{ disappearing_mode: { duration: 86_400 } },
		]);
	});

	it('block people, whose direct messages then go nowhere', async () => {
		const { emulator } = world;
		await a.call('onWhatsApp', V);
		await a.send(jid(V), 'to know each other');
		await a.call('updateBlockStatus', jid(V), 'block');
		const lid = emulator.accounts.get(V)?.lid ?? '';
		await twin.until(
			(one) =>
				one.of('blocklist.update').some(({ type, blocklist }) => type === 'add' && blocklist[0] === lid),
			'the block at the other device',
		);
		expect(await twin.call('fetchBlocklist')).toEqual([lid]);
		await emulator.phones.send(V, A, 'can you hear me');
		await emulator.phones.send(V, group, 'but you can hear this');
		await a.until(({ texts }) => texts('but you can hear this')[0], 'the message in the group');
		expect(a.texts('can you hear me')).toEqual([]);
		await a.call('updateBlockStatus', jid(V), 'unblock');
		await emulator.phones.send(V, A, 'and now');
		await a.until(({ texts }) => texts('and now')[0], 'the direct message');
	});

	it('give a newly linked device its history', async () => {
		const { emulator, clients, folder } = world;
		const texts = Array.from({ length: 25 }, (_, index) => `history ${index}`);
		for (const text of texts) await emulator.phones.send(V, group, text);
		await emulator.phones.settled();
		const authPath = `${folder}/fresh.json`;
		const fresh = (await link(emulator, clients, A, { authPath })).client;
		const messages = () => fresh.of('messaging-history.set').flatMap((set) => set.messages);
		const text = (message: { message?: { conversation?: string } }) => message.message?.conversation;
		await fresh.until(() => messages().some((one) => text(one) === 'history 0'), 'the older messages');
		expect(texts.filter((wanted) => !messages().some((one) => text(one) === wanted))).toEqual([]);
		const direct = messages().find((one) => text(one) === 'and now');
		expect(direct.key).toMatchObject({ remoteJid: emulator.accounts.get(V)?.lid, fromMe: false });
		const sets = fresh.of('messaging-history.set');
		expect(sets.flatMap(({ chats }) => chats.map(({ name }: { name: string }) => name))).toContain('Life');
		// The mappings are stored; from the event Baileys' buffer loses them.
		const { keys } = JSON.parse(await readFile(authPath, 'utf8'));
		expect(`${keys['lid-mapping'][V]}@lid`).toBe(emulator.accounts.get(V)?.lid);
		expect(sets.flatMap(({ contacts }) => contacts)).toContainEqual({
			id: emulator.accounts.get(V)?.lid,
			notify: 'Vera',
		});
		await fresh.send(group, 'from the newest device');
		await twin.until((one) => one.texts('from the newest device')[0], 'its message at the other device');
		await b.until((one) => one.texts('from the newest device')[0], 'its message at B');
		await b.send(group, 'to every device');
		for (const device of [a, twin, fresh])
			await device.until((one) => one.texts('to every device')[0], 'the message at every device');
	});

	it('know all of it again after a restart', async () => {
		const { emulator, clients, folder } = world;
		const before = emulator.accounts.get(A);
		await emulator.restart();
		expect(emulator.accounts.get(A)).toEqual(before);
		const again = await clients.open('after', { url: emulator.url, authPath: `${folder}/a.json` });
		await opened(again);
		await again.call('updateProfileName', 'After the restart');
		await emulator.waitFor(() => emulator.accounts.get(A)?.pushName === 'After the restart');
	});
});
