import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupInfo } from '../src/index.ts';
import type { Client } from './support/clients.ts';
import { type LinkedClient, link } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000061';
const B = '15550000062';
const V = '15550000063';
const jid = (phone: string) => `${phone}@s.whatsapp.net`;

describe('the ways into a group', () => {
	let world: World;
	let a: Client;
	let b: Client;
	let bLinked: LinkedClient;
	let group: GroupInfo;
	beforeAll(async () => {
		world = await createWorld();
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		a = (await link(world.emulator, world.clients, A)).client;
		bLinked = await link(world.emulator, world.clients, B);
		b = bLinked.client;
	});
	afterAll(() => world[Symbol.asyncDispose]());
	function fresh(participants: string[], addressing?: 'pn'): GroupInfo {
		a.clear();
		b.clear();
		group = world.emulator.groups.create({ by: A, subject: 'Ways', participants, addressing });
		return group;
	}
	/** What is told of this group; of the one before, something may still come. */
	const told = ({ of }: Client, event: string) =>
		of(event)
			.flat()
			.filter(({ id }) => id === group.id);
	/** What changed in the group, as Baileys tells it. */
	const updated = (client: Client, change: Record<string, unknown>) =>
		client.until(
			(one) =>
				told(one, 'groups.update').find((update) =>
					Object.entries(change).every(([name, value]) => update[name] === value),
				),
			`groups.update ${JSON.stringify(change)}`,
		);
	const joined = (client: Client, phone: string, action = 'add') =>
		client.until(
			(one) =>
				told(one, 'group-participants.update').find(
					(update) =>
						update.action === action &&
						update.participants.some(
							(who: { phoneNumber?: string; id: string }) => (who.phoneNumber ?? who.id) === jid(phone),
						),
				),
			`${action} of ${phone}`,
		);
	const now = () => world.emulator.groups.get(group.id);
	const phones = () => now()?.participants.map(({ phone }) => phone);

	it('are closed to strangers, and most of the group’s affairs to those who are no admins', async () => {
		fresh([B]);
		world.emulator.groups.setSetting(group.id, A, 'locked');
		const affairs = [
			['groupSettingUpdate', 'announcement'],
			['groupSettingUpdate', 'unlocked'],
			['groupUpdateSubject', 'mine'],
			['groupUpdateDescription', 'mine'],
			['groupToggleEphemeral', 60],
			['groupMemberAddMode', 'all_member_add'],
			['groupJoinApprovalMode', 'on'],
			['groupParticipantsUpdate', [jid(V)], 'add'],
			['groupParticipantsUpdate', [jid(A)], 'remove'],
			['groupParticipantsUpdate', [jid(B)], 'promote'],
			['groupInviteCode'],
			['groupRevokeInvite'],
			['groupRequestParticipantsList'],
			['groupRequestParticipantsUpdate', [jid(V)], 'approve'],
		] as const;
		const refused = async (code: number) => {
			for (const [method, ...args] of affairs)
				await expect(b.call(method, group.id, ...args), method).rejects.toMatchObject({ code });
		};
		await refused(403);
		world.emulator.groups.leave(group.id, B);
		await refused(403);
		await expect(b.call('sendMessage', group.id, { text: 'let me in' })).rejects.toMatchObject({ code: 403 });
		world.emulator.groups.end(group.id);
		await refused(404);
	});

	it('tell the other members of every setting', async () => {
		fresh([B]);
		for (const [setting, change] of [
			['announcement', { announce: true }],
			['not_announcement', { announce: false }],
			['locked', { restrict: true }],
			['unlocked', { restrict: false }],
		] as const) {
			await a.call('groupSettingUpdate', group.id, setting);
			await updated(b, change);
		}
		await a.call('groupUpdateDescription', group.id, 'what for');
		await updated(b, { desc: 'what for' });
		await a.call('groupUpdateDescription', group.id);
		await world.emulator.waitFor(() => now()?.description === undefined);
		expect((await b.call('groupMetadata', group.id)).desc).toBeUndefined();
	});

	it('let admins only add members, or everybody', async () => {
		fresh([B]);
		await expect(b.call('groupParticipantsUpdate', group.id, [jid(V)], 'add')).rejects.toMatchObject({
			code: 403,
		});
		await a.call('groupMemberAddMode', group.id, 'all_member_add');
		await updated(b, { memberAddMode: true });
		expect((await b.call('groupMetadata', group.id)).memberAddMode).toBe(true);
		const [result] = await b.call('groupParticipantsUpdate', group.id, [jid(V)], 'add');
		expect(result?.status).toBe('200');
		await joined(a, V);
		await a.call('groupMemberAddMode', group.id, 'admin_add');
		await updated(b, { memberAddMode: false });
	});

	it('go through the admins when they have to approve', async () => {
		fresh([V]);
		world.emulator.groups.changeParticipants(group.id, A, 'promote', [V]);
		await a.call('groupJoinApprovalMode', group.id, 'on');
		await updated(a, { joinApprovalMode: true });
		const code = await a.call('groupInviteCode', group.id);
		expect(await b.call('groupGetInviteInfo', code)).toMatchObject({ id: group.id, joinApprovalMode: true });
		expect(await b.call('groupAcceptInvite', code)).toBeUndefined();
		const asked = await a.until((one) => told(one, 'group.join-request')[0], 'the request');
		expect(asked).toMatchObject({
			id: group.id,
			action: 'created',
			method: 'invite_link',
			participantPn: jid(B),
		});
		const [request] = await a.call('groupRequestParticipantsList', group.id);
		expect(request).toMatchObject({ phone_number: jid(B), request_method: 'invite_link' });
		await expect(b.call('groupRequestParticipantsList', group.id)).rejects.toMatchObject({ code: 403 });
		const decide = (decision: string, phone = B) =>
			a.call('groupRequestParticipantsUpdate', group.id, [jid(phone)], decision);
		expect(await decide('reject')).toEqual([{ status: '200', jid: jid(B) }]);
		await a.until((one) => told(one, 'group.join-request')[1]?.action === 'rejected', 'the rejection at A');
		await b.until((one) => told(one, 'group.join-request')[0]?.action === 'rejected', 'the rejection at B');
		expect(await decide('approve')).toEqual([{ status: '404', jid: jid(B) }]);
		await b.call('groupAcceptInvite', code);
		expect(await decide('approve')).toEqual([{ status: '200', jid: jid(B) }]);
		await joined(a, B);
		await b.until((one) => told(one, 'groups.upsert')[0], 'the group at B');
		expect(await a.call('groupRequestParticipantsList', group.id)).toEqual([]);
		await a.call('groupJoinApprovalMode', group.id, 'off');
		await updated(b, { joinApprovalMode: false });
	});

	it('approve a person whom a member without rights wants to add', async () => {
		fresh([B]);
		world.emulator.groups.setMemberAddMode(group.id, A, 'all_member_add');
		world.emulator.groups.setApproval(group.id, A, true);
		await b.call('groupParticipantsUpdate', group.id, [jid(V)], 'add');
		const asked = await a.until((one) => told(one, 'group.join-request')[0], 'the request');
		expect(asked).toMatchObject({ action: 'created', method: 'non_admin_add', participantPn: jid(V) });
		expect(phones()).not.toContain(V);
		expect(world.emulator.groups.decide(group.id, A, 'approve', [V])).toEqual([{ phone: V, code: 200 }]);
		await joined(b, V);
	});

	it('close for those whom an admin has put out, by link, until an admin adds them', async () => {
		fresh([B]);
		const code = await a.call('groupInviteCode', group.id);
		await a.call('groupParticipantsUpdate', group.id, [jid(B)], 'remove');
		await joined(b, B, 'remove');
		await expect(b.call('groupAcceptInvite', code)).rejects.toMatchObject({ code: 405 });
		await a.call('groupParticipantsUpdate', group.id, [jid(B)], 'add');
		await expect(b.call('groupAcceptInvite', code)).rejects.toMatchObject({ code: 409 });
	});

	it('refuse codes that are unknown, revoked, or of a group that is gone or full', async () => {
		fresh([V]);
		const code = await a.call('groupInviteCode', group.id);
		await expect(b.call('groupAcceptInvite', 'nonsense')).rejects.toMatchObject({ code: 404 });
		const next = (await a.call('groupRevokeInvite', group.id)) ?? '';
		await updated(a, { inviteCode: next });
		await expect(b.call('groupAcceptInvite', code)).rejects.toMatchObject({ code: 410 });
		const many = Array.from({ length: 1022 }, (_, index) => String(15_560_000_000 + index));
		for (const phone of many) world.emulator.accounts.create({ phone });
		world.emulator.groups.changeParticipants(group.id, A, 'add', many);
		expect(phones()).toHaveLength(1024);
		await expect(b.call('groupAcceptInvite', next)).rejects.toMatchObject({ code: 419 });
		const [full] = await a.call('groupParticipantsUpdate', group.id, [jid(B)], 'add');
		expect(full?.status).toBe('419');
		expect((await a.call('groupMetadata', group.id)).participants).toHaveLength(1024);
		world.emulator.groups.end(group.id);
		await expect(a.call('groupMetadata', group.id)).rejects.toMatchObject({ code: 404 });
		await expect(b.call('groupAcceptInvite', next)).rejects.toMatchObject({ code: 404 });
		expect(Object.keys(await a.call('groupFetchAllParticipating'))).not.toContain(group.id);
	});

	it('ask people first who do not let everybody add them', async () => {
		await b.call('updateGroupsAddPrivacy', 'none');
		const created = await a.call('groupCreate', 'Private', [jid(B), jid(V)]);
		group = world.emulator.groups.get(created.id) ?? group;
		expect(phones()).toEqual([A, V]);
		const [refused] = await a.call('groupParticipantsUpdate', group.id, [jid(B)], 'add');
		expect(refused).toMatchObject({ status: '403', jid: jid(B) });
		const [offer] = (refused?.content.content ?? []) as { tag: string; attrs: Record<string, string> }[];
		expect(offer?.tag).toBe('add_request');
		const { code = '', expiration = '' } = offer?.attrs ?? {};
		expect(Number(expiration)).toBeGreaterThan(Date.now() / 1000 + 86_400);
		const invite = { groupJid: group.id, inviteCode: code, inviteExpiration: Number(expiration) };
		const accept = (from: string, offered = invite) => b.call('groupAcceptInviteV4', jid(from), offered);
		await expect(accept(V)).rejects.toMatchObject({ code: 404 });
		await expect(accept(A, { ...invite, inviteCode: 'wrong' })).rejects.toMatchObject({ code: 404 });
		await a.call('groupRevokeInviteV4', group.id, jid(B));
		await expect(accept(A)).rejects.toMatchObject({ code: 404 });
		const again = world.emulator.groups.changeParticipants(group.id, A, 'add', [B])[0]?.invite;
		expect(await accept(A, { ...invite, inviteCode: again?.code ?? '' })).toBe(group.id);
		await joined(a, B);
		await b.call('updateGroupsAddPrivacy', 'all');
	});

	it('have pictures, which only admins change when the group is locked', async () => {
		fresh([B]);
		const picture = { tag: 'picture', attrs: { type: 'image' }, content: Buffer.from('not really a JPEG') };
		const set = (client: Client, content: unknown[] = [picture]) =>
			client.call('query', {
				tag: 'iq',
				attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:profile:picture', target: group.id },
				content,
			});
		await expect(a.call('profilePictureUrl', group.id)).rejects.toMatchObject({ code: 404 });
		await set(b);
		const changed = (client: Client, imgUrl: string) =>
			client.until(
				(one) =>
					one
						.of('contacts.update')
						.flat()
						.some((update) => update.id === group.id && update.imgUrl === imgUrl),
				`picture ${imgUrl}`,
			);
		await changed(a, 'changed');
		const url = await a.call('profilePictureUrl', group.id, 'image');
		expect(url).toMatch(/^https:\/\/127\.0\.0\.1:[0-9]+\/pictures\/[0-9]+$/);
		world.emulator.groups.setSetting(group.id, A, 'locked');
		await expect(set(b)).rejects.toMatchObject({ code: 403 });
		await set(a, []);
		await changed(b, 'removed');
	});

	it('set and end disappearing messages', async () => {
		fresh([B]);
		await a.call('groupToggleEphemeral', group.id, 86_400);
		const seen = (value: number) =>
			b.until(
				({ upserts }) =>
					upserts()
						.flatMap(({ messages }) => messages)
						.filter(({ key }) => key.remoteJid === group.id)
						.some(({ message }) => message?.protocolMessage?.ephemeralExpiration === value),
				`expiration ${value}`,
			);
		await seen(86_400);
		expect((await b.call('groupMetadata', group.id)).ephemeralDuration).toBe(86_400);
		await a.call('groupToggleEphemeral', group.id, 0);
		await seen(0);
	});

	it('exist in groups that know their members by number', async () => {
		fresh([B, V], 'pn');
		const upserted = await b.until((one) => told(one, 'groups.upsert')[0], 'the group');
		expect(upserted).toMatchObject({ addressingMode: 'pn', owner: jid(A) });
		const metadata = await a.call('groupMetadata', group.id);
		expect(metadata.participants.map(({ id, lid }) => [id, lid?.endsWith('@lid')])).toEqual([
			[jid(A), true],
			[jid(B), true],
			[jid(V), true],
		]);
		await a.send(group.id, 'by number, from A');
		const { message } = await b.until(({ texts }) => texts('by number, from A')[0], 'the message at B');
		expect(message.key).toMatchObject({ participant: jid(A), addressingMode: 'pn' });
		await world.emulator.waitFor(() => world.emulator.phones.read(V, group.id)[0]);
		const { id } = await world.emulator.phones.send(V, group.id, 'by number, from V');
		await a.until(({ texts }) => texts('by number, from V')[0], 'the message at A');
		await b.until(({ texts }) => texts('by number, from V')[0], 'the message at B');
		await world.emulator.waitFor(
			() => new Set(world.emulator.phones.receipts(V, id).map(({ phone }) => phone)).size === 2,
		);
		await b.call('groupLeave', group.id);
		await joined(a, B, 'remove');
		await world.emulator.waitFor(() =>
			world.emulator.devices
				.list()
				.filter(({ phone }) => phone === A || phone === B)
				.every(({ queueLength }) => queueLength === 0),
		);
	});
});
