import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { type LinkedClient, link } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000021';
const B = '15550000022';
const V = '15550000023';
const jid = (phone: string) => `${phone}@s.whatsapp.net`;

type ParticipantsUpdate = { id: string; action: string; participants: { id: string; phoneNumber: string }[] };

function changes(client: Client, action: string): string[] {
	const updates = client.events.filter(({ event }) => event === 'group-participants.update');
	return updates
		.map(({ data }): ParticipantsUpdate => data)
		.filter((update) => update.action === action)
		.flatMap((update) => update.participants.map(({ phoneNumber }) => phoneNumber));
}

function updated(client: Client, field: string, value: unknown): boolean {
	const updates = client.of('groups.update').flat();
	return updates.some((update) => update[field] === value);
}

describe('groups', () => {
	let world: World;
	let a: LinkedClient;
	let b: LinkedClient;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		a = await link(world.emulator, world.clients, A);
		b = await link(world.emulator, world.clients, B);
	});
	afterAll(() => world[Symbol.asyncDispose]());

	it('are created, with the unknown number as a failed participant, and announced', async () => {
		const unknown = '15559999999';
		const created = await a.client.call('groupCreate', 'Plan: 12-30', [jid(B), jid(unknown)]);
		group = created.id;
		await b.client.until(
			({ events }) => events.some(({ event }) => event === 'groups.upsert'),
			'the group at B',
		);
		await a.client.until(
			({ events }) => events.some(({ event }) => event === 'groups.upsert'),
			'the group at A',
		);
		const metadata = await b.client.call('groupMetadata', group);
		expect(metadata).toMatchObject({
			subject: 'Plan: 12-30',
			addressingMode: 'lid',
			size: 2,
			ownerPn: jid(A),
		});
		expect(metadata.participants.map(({ phoneNumber, admin }) => [phoneNumber, admin])).toEqual([
			[jid(A), 'superadmin'],
			[jid(B), null],
		]);
		expect(Object.keys(await b.client.call('groupFetchAllParticipating'))).toEqual([group]);
	});

	it('answer each participant action with a code a participant, and notify', async () => {
		const act = (who: LinkedClient, phones: string[], action: string) =>
			who.client.call('groupParticipantsUpdate', group, phones.map(jid), action);
		const codes = async (phones: string[], action: string) =>
			(await act(a, phones, action)).map(({ status }: { status: string }) => status);
		expect(await codes([V, B, '15559999999'], 'add')).toEqual(['200', '409', '404']);
		await b.client.until((client) => changes(client, 'add').includes(jid(V)), 'V added, at B');
		await a.client.until((client) => changes(client, 'add').includes(jid(V)), 'V added, at A');
		await expect(act(b, [V], 'remove')).rejects.toMatchObject({ code: 403 });
		expect(await codes([B, '15559999999'], 'promote')).toEqual(['200', '404']);
		await b.client.until((client) => changes(client, 'promote').includes(jid(B)), 'B promoted, at B');
		expect((await act(b, [A], 'demote')).map(({ status }: { status: string }) => status)).toEqual(['403']);
		expect(await codes([B], 'demote')).toEqual(['200']);
		expect(await codes([V], 'remove')).toEqual(['200']);
		await b.client.until((client) => changes(client, 'remove').includes(jid(V)), 'V removed, at B');
		expect(await codes([V], 'remove')).toEqual(['404']);
	});

	it('change their subject and description, and refuse an outdated change', async () => {
		const { emulator } = world;
		await a.client.call('groupUpdateSubject', group, 'Lunch 12:30@HQ');
		await b.client.until((client) => updated(client, 'subject', 'Lunch 12:30@HQ'), 'the subject at B');
		expect(emulator.groups.get(group)?.subject).toBe('Lunch 12:30@HQ');
		await a.client.call('groupUpdateDescription', group, 'where: 10:30@HQ');
		await b.client.until((client) => updated(client, 'desc', 'where: 10:30@HQ'), 'the description at B');
		expect((await b.client.call('groupMetadata', group)).desc).toBe('where: 10:30@HQ');
		const stale = [
			{
				tag: 'description',
				attrs: { id: 'X1', prev: 'OLD' },
				content: [{ tag: 'body', attrs: {}, content: Buffer.from('late') }],
			},
		];
		const iq = { tag: 'iq', attrs: { type: 'set', xmlns: 'w:g2', to: group }, content: stale };
		await expect(a.client.call('query', iq)).rejects.toMatchObject({ code: 409 });
	});

	it('can be for admins only, to write and to edit', async () => {
		const { emulator } = world;
		await a.client.call('groupSettingUpdate', group, 'announcement');
		await b.client.until((client) => updated(client, 'announce', true), 'the setting at B');
		b.client.clear();
		await b.client.send(group, 'not allowed');
		await b.client.until(
			({ events }) =>
				events.some(({ data }) => JSON.stringify(data).includes('"messageStubParameters":["403"]')),
			'the refusal at B',
		);
		await a.client.call('groupSettingUpdate', group, 'locked');
		await expect(b.client.call('groupUpdateSubject', group, 'mine')).rejects.toMatchObject({ code: 403 });
		await a.client.call('groupSettingUpdate', group, 'unlocked');
		await a.client.call('groupSettingUpdate', group, 'not_announcement');
		expect(emulator.groups.get(group)).toMatchObject({ announce: false, locked: false });
	});

	it('are joined by invitation, until it is revoked, and left', async () => {
		const { emulator } = world;
		await b.client.call('groupLeave', group);
		await a.client.until((client) => changes(client, 'remove').includes(jid(B)), 'B gone, at A');
		await expect(b.client.call('groupMetadata', group)).rejects.toMatchObject({ code: 403 });
		const code = await a.client.call('groupInviteCode', group);
		expect(await b.client.call('groupGetInviteInfo', code)).toMatchObject({
			id: group,
			subject: 'Lunch 12:30@HQ',
		});
		expect(await b.client.call('groupAcceptInvite', code)).toBe(group);
		await a.client.until(
			(client) => changes(client, 'add').filter((phone) => phone === jid(B)).length === 1,
			'B back, at A',
		);
		await expect(b.client.call('groupInviteCode', group)).rejects.toMatchObject({ code: 403 });
		const next = await a.client.call('groupRevokeInvite', group);
		expect(next).not.toBe(code);
		await expect(b.client.call('groupGetInviteInfo', code)).rejects.toMatchObject({ code: 410 });
		expect(emulator.groups.get(group)?.inviteCode).toBe(next);
	});

	it('reach every companion of an account, also one that is linked later', async () => {
		const { emulator, clients } = world;
		await a.client.send(group, 'before the second device');
		const second = await link(emulator, clients, B);
		await a.client.send(group, 'to both devices');
		await b.client.until(({ texts }) => texts('to both devices')[0], 'the message at the first device');
		await second.client.until(({ texts }) => texts('to both devices')[0], 'the message at the second device');
		await second.client.send(group, 'from the second device');
		const { message } = await b.client.until(
			({ texts }) => texts('from the second device')[0],
			'it, at the first device',
		);
		expect(message.key.fromMe).toBe(true);
		await a.client.until(({ texts }) => texts('from the second device')[0], 'it, at A');
	});

	it('tell who is on WhatsApp', async () => {
		const found = await a.client.call('onWhatsApp', V, '15559999999');
		expect(found).toEqual([{ jid: jid(V), exists: true }]);
	});
});
