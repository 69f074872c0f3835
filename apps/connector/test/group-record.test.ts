import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { admin } from './support/connector-system.ts';
import { ana, berta, type StarredGroup, startStarredGroup } from './support/starred-group.ts';

const carla = '15550000003';
let net: StarredGroup['net'];
let person: StarredGroup['person'];
let jid: string;

beforeAll(async () => {
	({ net, person, jid } = await startStarredGroup({ subject: 'A name of their own', strangers: [carla] }));
});
afterAll(() => net[Symbol.asyncDispose]());

const Faults = z.object({ faults: z.array(z.object({ id: z.string(), hits: z.number() })) });

/** Counts the questions about the group: each is answered, a while later. */
async function countQuestions(device: string, delayMs = 100) {
	const match = { tag: 'iq', xmlns: 'w:g2', type: 'get', child: 'query' };
	const fault = { kind: 'delay', delayMs, match, device, count: 1000 };
	const { id } = z.object({ id: z.string() }).parse(await admin(net.system, '/admin/faults', fault));
	const questions = async () => {
		const { faults } = Faults.parse(await admin(net.system, '/admin/faults'));
		return faults.find((one) => one.id === id)?.hits ?? 0;
	};
	const stop = () => admin(net.system, `/admin/faults/${id}`, undefined, { method: 'DELETE' });
	return Object.assign(questions, { stop });
}

const send = (text: string) => person.holder.messages.send({ jid, text }, person.caller());
const list = () => person.holder.members.list({ jid }, person.caller());
const change = (action: string, phone: string) =>
	admin(net.system, `/admin/groups/${jid}/participants`, { by: ana, action, phones: [phone] });
const textsOf = async (phone: string) =>
	z
		.object({ messages: z.array(z.object({ text: z.string().nullable() })) })
		.parse(await admin(net.system, `/admin/accounts/${phone}/messages?chat=${jid}`))
		.messages.map(({ text }) => text);

it('is what messages are sent by; read again when somebody joins, and then the newcomer can read (complaint 8)', async () => {
	const questions = await countQuestions(ana);
	await send('One');
	await send('Two');
	expect(await questions()).toBe(0);
	await change('add', carla);
	await expect.poll(() => net.eventsOf('member.joined', 'ana').length).toBeGreaterThan(0);
	await send('Three');
	await send('Four');
	expect(await questions()).toBe(1);
	await expect.poll(() => textsOf(carla)).toEqual(['Three', 'Four']);
	await expect.poll(() => textsOf(berta)).toEqual(['One', 'Two', 'Three', 'Four']);
});

it('asks once, however many want to know at a time (complaint 8)', async () => {
	// All of them want to know before it is answered, on a machine that is busy, too.
	const questions = await countQuestions(ana, 3_000);
	const answers = await Promise.all(Array.from({ length: 8 }, list));
	expect(new Set(answers.map(({ participants }) => participants.length))).toEqual(new Set([3]));
	expect(await questions()).toBe(1);
	await questions.stop();
});

it('makes the own messages go under a new key when somebody leaves, and all others read on', async () => {
	const ownKeys = async () =>
		net.db
			.selectFrom('signal_keys')
			.select('id')
			.where('kind', 'in', ['sender-key', 'sender-key-memory'])
			.where((eb) => eb.or([eb('id', '=', jid), eb('id', 'like', `${jid}::%`)]))
			.orderBy('id')
			.execute();
	await send('Under the old key');
	const before = await ownKeys();
	expect(before).toHaveLength(2);
	await change('remove', carla);
	await expect.poll(ownKeys).toEqual([]);
	const joined = net.eventsOf('member.joined', 'ana').length;
	await change('add', carla);
	await expect.poll(() => net.eventsOf('member.joined', 'ana').length).toBeGreaterThan(joined);
	await send('Under the new key');
	expect(await ownKeys()).toEqual(before);
	for (const phone of [berta, carla]) await expect.poll(() => textsOf(phone)).toContain('Under the new key');
});

it('is sealed, and fenced by the lease', async () => {
	const rows = await net.db.selectFrom('group_records').selectAll().where('jid', '=', jid).execute();
	expect(rows).toHaveLength(1);
	expect(rows[0]?.value.toString()).not.toContain('A name of their own');
	const pairs = await net.db.selectFrom('lid_phones').selectAll().where('phone', '=', `+${carla}`).execute();
	expect(pairs).toEqual([
		expect.objectContaining({ lid: expect.stringMatching(/^\d+@lid$/), source: 'notice' }),
	]);
});

describe('while WhatsApp asks to slow down', () => {
	it('serves lists and messages, with who joined and left since, and WhatsApp is asked nothing', async () => {
		const match = { tag: 'iq', xmlns: 'w:g2', type: 'get' };
		const fault = { kind: 'error', code: 429, match, device: ana, count: 99 };
		const { id } = z.object({ id: z.string() }).parse(await admin(net.system, '/admin/faults', fault));
		expect(await list()).toMatchObject({ live: false, participants: [{}, {}, {}] });
		await change('remove', carla);
		await expect.poll(async () => (await list()).participants.length).toBe(2);
		expect(await send('Five')).toMatchObject({ status: 'sent' });
		await expect.poll(() => textsOf(berta)).toContain('Five');
		for (const refused of [
			() => person.holder.groups.list({}, person.caller()),
			() => person.holder.groups.inviteLink({ jid }, person.caller()),
			() => person.holder.groups.rename({ jid, name: 'x' }, person.caller()),
			() => person.holder.members.add({ jid, members: [`+${carla}`] }, person.caller()),
		]) {
			await expect(refused()).rejects.toMatchObject({
				code: 'whatsapp_rate_limited',
				retryAfterMs: expect.any(Number),
			});
		}
		const { faults } = Faults.parse(await admin(net.system, '/admin/faults'));
		expect(faults.find((one) => one.id === id)?.hits).toBe(1);
	});

	it('still says that a device is offline', async () => {
		await admin(net.system, '/admin/faults', { kind: 'login-failure', code: 503, device: ana, count: 99 });
		await admin(net.system, '/admin/faults', { kind: 'drop', device: ana });
		await expect
			.poll(() => list().catch((error: unknown) => error))
			.toMatchObject({ code: 'device_offline' });
	});
});
