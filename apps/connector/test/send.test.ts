import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin } from './support/connector-system.ts';
import { ana, berta, type StarredGroup, startStarredGroup } from './support/starred-group.ts';

let net: StarredGroup['net'];
let person: StarredGroup['person'];
let jid: string;

beforeAll(async () => {
	({ net, person, jid } = await startStarredGroup());
});
afterAll(() => net[Symbol.asyncDispose]());

const Read = z.object({
	messages: z.array(z.object({ id: z.string(), text: z.string().nullable() }).loose()),
});

/** What Berta's phone shows of the group, decrypted. */
async function bertaReads(): Promise<{ id: string; text: string | null }[]> {
	return Read.parse(await admin(net.system, `/admin/accounts/${berta}/messages?chat=${jid}`)).messages;
}

it('sends a text that arrives decrypted, and says so once WhatsApp took it', async () => {
	const sent = await person.holder.messages.send({ jid, text: 'We open at nine.' }, person.caller());
	expect(sent).toMatchObject({ status: 'sent', messageId: expect.stringMatching(/^3EB0/) });
	await expect
		.poll(bertaReads)
		.toContainEqual(expect.objectContaining({ id: sent.messageId, text: 'We open at nine.' }));
});

it('sends once for one idempotency key, however often and however parallel it is asked', async () => {
	const send = (text: string) =>
		person.holder.messages.send(
			{ jid, text, idempotencyKey: 'key-1' },
			person.caller({ idempotencyKey: 'key-1' }),
		);
	const answers = await Promise.all([send('Once'), send('Once'), send('Once')]);
	answers.push(await send('Once'));
	expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
	await expect(send('Something else')).rejects.toMatchObject({ code: 'idempotency_conflict' });
	const after = await person.holder.messages.send({ jid, text: 'After it' }, person.caller());
	await expect.poll(async () => (await bertaReads()).map(({ id }) => id)).toContain(after.messageId);
	expect((await bertaReads()).filter(({ text }) => text === 'Once')).toHaveLength(1);
});

it('creates a group, stars it, and tells what became of each person', async () => {
	const name = 'lunch@noon'; // A name that Baileys would rewrite.
	const input = { name, participants: [`+${berta}`, '+15559999999'], idempotencyKey: 'group-1' };
	const created = await person.holder.groups.create(input, person.caller());
	expect(created).toMatchObject({
		name,
		inviteLink: expect.stringMatching(/^https:\/\/chat\.whatsapp\.com\//),
	});
	expect(created.participants).toEqual([
		{ member: `+${berta}`, outcome: 'added' },
		{ member: '+15559999999', outcome: 'not_on_whatsapp' },
	]);
	const again = await person.holder.groups.create(input, person.caller());
	expect(again).toEqual(created);
	const { groups } = await person.holder.groups.list({}, person.caller());
	expect(groups.filter((group) => group.name === name)).toEqual([
		{ jid: created.jid, name, starred: true, participantCount: 2 },
	]);
	await expect
		.poll(() => net.eventsOf('group.starred', 'ana').map(({ groupJid }) => groupJid))
		.toContain(created.jid);
});

it('answers for a group that is not starred as for one that does not exist', async () => {
	const foreign = await net.group(berta, 'Not yours', []);
	const unstarred = await net.group(ana, 'Yours, not starred', [berta]);
	const missing = '120363999999999999@g.us';
	const failures = await Promise.all(
		[foreign, unstarred, missing].map((other) =>
			person.holder.messages
				.send({ jid: other, text: 'x' }, person.caller())
				.catch((error: unknown) => error),
		),
	);
	for (const failure of failures) expect(failure).toMatchObject({ code: 'group_not_starred' });
	expect(new Set(failures.map(String)).size).toBe(1);
	const stars = await Promise.all(
		[foreign, missing].map((other) =>
			person.holder.groups.star({ jid: other }, person.caller()).catch((error: unknown) => error),
		),
	);
	for (const failure of stars) expect(failure).toMatchObject({ code: 'group_not_found' });
	expect(new Set(stars.map(String)).size).toBe(1);
});

it('lists members with what the record knows of them', async () => {
	const list = () => person.holder.members.list({ jid }, person.caller());
	const { participants, nextCursor } = await list();
	expect(nextCursor).toBeNull();
	expect(participants).toHaveLength(2);
	expect(participants).toContainEqual(
		expect.objectContaining({ phone: `+${berta}`, role: 'member', messageCount: 0 }),
	);
	// The messages of the tests above, as the record counts them.
	await expect
		.poll(async () => (await list()).participants)
		.toContainEqual(expect.objectContaining({ phone: `+${ana}`, role: 'owner', messageCount: 3 }));
	await expect(person.holder.members.list({ jid, cursor: 'made-up' }, person.caller())).rejects.toMatchObject(
		{ code: 'invalid_input' },
	);
});

it('publishes who joined and who left', async () => {
	const carla = '15550000003';
	await net.phone(carla);
	const change = (action: string, by = ana) =>
		admin(net.system, `/admin/groups/${jid}/participants`, { by, action, phones: [carla] });
	await change('add');
	await expect
		.poll(() => net.eventsOf('member.joined', 'ana'))
		.toEqual([expect.objectContaining({ groupJid: jid, data: expect.objectContaining({ how: 'added' }) })]);
	await change('remove');
	await expect
		.poll(() => net.eventsOf('member.left', 'ana'))
		.toEqual([
			expect.objectContaining({
				data: expect.objectContaining({
					how: 'removed',
					member: expect.objectContaining({ phone: `+${carla}` }),
				}),
			}),
		]);
});

it('records what it sent while the bus was away, without being asked again', async () => {
	const text = 'Sent while nobody could be told';
	// The connector has the call, and is about to store it, when NATS goes; the answer has no way back.
	await net.overLockedOutbox(
		async () =>
			void person.holder.messages
				.send({ jid, text }, person.caller({ deadline: Date.now() + 15_000 }))
				.catch(() => undefined),
		async () => net.system.servers.nats?.kill(),
	);
	const sent = async () => (await bertaReads()).find((one) => one.text === text);
	const { id } = await vi.waitFor(async () => (await sent()) ?? expect.fail('it is not there'), waiting);
	const left = () =>
		net.db.selectFrom('outbox').select('unrecorded').where('message_id', '=', id).executeTakeFirst();
	await vi.waitFor(async () => expect((await left())?.unrecorded).toBeInstanceOf(Buffer), waiting);
	await net.system.servers.nats?.restart();
	const told = () => net.eventsOf('message.sent', 'ana').filter(({ data }) => data.messageId === id);
	await vi.waitFor(() => expect(told()).toHaveLength(1), waiting);
	await vi.waitFor(async () => expect((await left())?.unrecorded).toBeNull(), waiting);
}, 180_000);

const waiting = { timeout: 60_000, interval: 50 };
