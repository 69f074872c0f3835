import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';

const ana = '15550000001';
const berta = '15550000002';
const carla = '15550000003';
const nobody = '15559999999';
let net: Awaited<ReturnType<typeof startConnectorSystem>>;
let person: ReturnType<typeof net.person>;

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	person = net.person('ana');
	await person.link(ana);
	for (const phone of [berta, carla]) await net.phone(phone);
});
afterAll(() => net[Symbol.asyncDispose]());

const Truth = z.object({
	subject: z.string(),
	description: z.string().optional(),
	inviteCode: z.string(),
	participants: z.array(z.object({ phone: z.string(), lid: z.string() }).loose()),
});

/** The group as the simulated network has it. */
async function truth(jid: string): Promise<z.infer<typeof Truth>> {
	return Truth.parse(await admin(net.system, `/admin/groups/${jid}`));
}

async function phonesIn(jid: string): Promise<string[]> {
	return (await truth(jid)).participants.map(({ phone }) => phone).sort();
}

const put = (path: string, body: unknown) => admin(net.system, path, body, { method: 'PUT' });
const lidOf = async (phone: string) =>
	z
		.object({ lid: z.string() })
		.parse(await net.phone(phone))
		.lid.replace(/^(\d+)$/, '$1@lid');
const people = (prefix: string, count: number) =>
	Promise.all(
		Array.from({ length: count }, async (_, index) => {
			const phone = `${prefix}${String(index).padStart(3, '0')}`;
			await net.phone(phone);
			return phone;
		}),
	);

/** A group of somebody's with the device in it, starred. */
async function starred(by: string, participants: readonly string[], addressing?: 'pn'): Promise<string> {
	const { id } = z
		.object({ id: z.string() })
		.parse(await admin(net.system, '/admin/groups', { by, subject: 'Support', participants, addressing }));
	await person.holder.groups.star({ jid: id }, person.caller());
	return id;
}

const add = (jid: string, members: string[]) => person.holder.members.add({ jid, members }, person.caller());
const remove = (jid: string, members: string[]) =>
	person.holder.members.remove({ jid, members }, person.caller());

describe('adding', () => {
	it('tells what became of each, in the order of the call, and asks again for nobody (complaint 9)', async () => {
		const jid = await starred(ana, [berta]);
		const [private_ = '', dora = ''] = await people('1555100', 2);
		await put(`/admin/accounts/${private_}/profile`, { privacy: { groupadd: 'none' } });
		const members = [
			`+${carla}`,
			`+${berta}`,
			await lidOf(berta),
			`+${nobody}`,
			`+${private_}`,
			await lidOf(dora),
		];
		expect(await add(jid, members)).toEqual({
			jid,
			retryAfterMs: null,
			members: [
				{ member: `+${carla}`, outcome: 'added' },
				{ member: `+${berta}`, outcome: 'already_member' },
				{ member: members[2], outcome: 'already_member' },
				{ member: `+${nobody}`, outcome: 'not_on_whatsapp' },
				{ member: `+${private_}`, outcome: 'invite_needed' },
				{ member: members[5], outcome: 'added' },
			],
		});
		expect(await phonesIn(jid)).toEqual([ana, berta, carla, dora].sort());
		expect((await add(jid, [`+${carla}`])).members).toEqual([
			{ member: `+${carla}`, outcome: 'already_member' },
		]);
	});

	it('goes in batches', async () => {
		const jid = await starred(ana, []);
		const phones = await people('1555200', 7);
		const { members } = await add(jid, phones);
		expect(new Set(members.map(({ outcome }) => outcome))).toEqual(new Set(['added']));
		expect(await phonesIn(jid)).toEqual([ana, ...phones].sort());
	});

	it('says of a group where admins decide that they have to', async () => {
		const jid = await starred(berta, [ana]);
		await put(`/admin/groups/${jid}/settings`, {
			by: berta,
			approval: true,
			memberAddMode: 'all_member_add',
		});
		await expect
			.poll(() => add(jid, [`+${carla}`]).catch(() => undefined))
			.toMatchObject({ members: [{ member: `+${carla}`, outcome: 'awaiting_approval' }] });
		expect(await phonesIn(jid)).toEqual([ana, berta]);
	});

	it('knows members of a group that addresses by number by their hidden id too (complaint 7)', async () => {
		const jid = await starred(ana, [berta], 'pn');
		const lid = await lidOf(carla);
		expect(
			(await add(jid, [`+${berta}`, await lidOf(berta), lid])).members.map(({ outcome }) => outcome),
		).toEqual(['already_member', 'already_member', 'added']);
		const sent = await person.holder.messages.send({ jid, text: 'Hello' }, person.caller());
		expect(sent.status).toBe('sent');
		await expect
			.poll(() => admin(net.system, `/admin/accounts/${carla}/messages?chat=${jid}`))
			.toMatchObject({ messages: [{ text: 'Hello' }] });
		expect((await remove(jid, [`+${carla}`])).members).toEqual([{ member: `+${carla}`, outcome: 'removed' }]);
		expect(await phonesIn(jid)).toEqual([ana, berta]);
	});
});

describe('removing', () => {
	it('tells what became of each; the creator stays', async () => {
		const jid = await starred(berta, [ana, carla]);
		await admin(net.system, `/admin/groups/${jid}/participants`, {
			by: berta,
			action: 'promote',
			phones: [ana],
		});
		const members = [`+${carla}`, `+${berta}`, `+${nobody}`];
		await expect
			.poll(() => remove(jid, members).catch(() => undefined))
			.toMatchObject({
				members: [
					{ member: `+${carla}`, outcome: 'removed' },
					{ member: `+${berta}`, outcome: 'not_permitted' },
					{ member: `+${nobody}`, outcome: 'not_a_member' },
				],
			});
		expect(await phonesIn(jid)).toEqual([ana, berta]);
		expect((await remove(jid, [`${carla}@s.whatsapp.net`])).members).toEqual([
			{ member: `${carla}@s.whatsapp.net`, outcome: 'not_a_member' },
		]);
	});
});

it('renames a group, and describes it, also over what somebody else wrote', async () => {
	const jid = await starred(ana, [berta]);
	const name = 'lunch@noon';
	expect(await person.holder.groups.rename({ jid, name }, person.caller())).toEqual({ jid, name });
	const describe_ = (description: string) =>
		person.holder.groups.describe({ jid, description }, person.caller());
	expect(await describe_('First')).toEqual({ jid, description: 'First' });
	await put(`/admin/groups/${jid}/description`, { by: berta, description: 'Hers' });
	expect(await describe_('Second')).toEqual({ jid, description: 'Second' });
	expect(await truth(jid)).toMatchObject({ subject: name, description: 'Second' });
	expect(await describe_('')).toEqual({ jid, description: null });
	expect(await describe_('')).toEqual({ jid, description: null });
	expect((await truth(jid)).description).toBeUndefined();
});

it('gives the invite link, and a new one once for a key', async () => {
	const jid = await starred(ana, []);
	const link = (reset: boolean, idempotencyKey?: string) =>
		person.holder.groups.inviteLink(
			{ jid, reset, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
			person.caller(),
		);
	const first = await link(false);
	expect(first.inviteLink).toBe(`https://chat.whatsapp.com/${(await truth(jid)).inviteCode}`);
	expect(await link(false)).toEqual(first);
	const reset = await link(true, 'reset-1');
	expect(reset.inviteLink).not.toBe(first.inviteLink);
	expect(await link(true, 'reset-1')).toEqual(reset);
	expect(await link(false)).toEqual(reset);
});

describe('what the device may not do', () => {
	const actions: [string, (jid: string) => Promise<unknown>][] = [
		['add', (jid) => add(jid, [`+${carla}`])],
		['remove', (jid) => remove(jid, [`+${berta}`])],
		['rename', (jid) => person.holder.groups.rename({ jid, name: 'Mine' }, person.caller())],
		['describe', (jid) => person.holder.groups.describe({ jid, description: 'Mine' }, person.caller())],
		['link', (jid) => person.holder.groups.inviteLink({ jid }, person.caller())],
		['reset', (jid) => person.holder.groups.inviteLink({ jid, reset: true }, person.caller())],
	];
	const groups: Record<string, string> = {};
	beforeAll(async () => {
		const locked = await starred(berta, [ana]);
		await put(`/admin/groups/${locked}/settings`, { by: berta, locked: true });
		const left = await starred(berta, [ana]);
		await admin(net.system, `/admin/groups/${left}/leave`, { by: ana });
		const ended = await starred(berta, [ana]);
		await admin(net.system, `/admin/groups/${ended}`, undefined, { method: 'DELETE' });
		const foreign = await net.group(ana, 'Not starred', [berta]);
		Object.assign(groups, { locked, left, ended, foreign });
	});

	it.each(
		actions.flatMap(([name, act]) =>
			(
				[
					['locked', 'not_group_admin'],
					['left', 'not_group_member'],
					['ended', 'group_not_found'],
					['foreign', 'group_not_starred'],
				] as const
			).map(([group, code]) => ({ name, act, group, code })),
		),
	)('$name in a group that is $group: $code', async ({ act, group, code }) => {
		const error = await act(groups[group] ?? '').catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code });
	});

	it('is not listed either', async () => {
		const list = (group: string) => person.holder.members.list({ jid: groups[group] ?? '' }, person.caller());
		await expect(list('left')).rejects.toMatchObject({ code: 'not_group_member' });
		await expect(list('ended')).rejects.toMatchObject({ code: 'group_not_found' });
		expect(await list('locked')).toMatchObject({ live: true });
	});
});
