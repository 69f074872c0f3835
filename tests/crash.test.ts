import { createRandom, isFull } from '@chat-manager/test-run';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { type Person, signUp } from './support/person.ts';
import { readAll, say } from './support/record.ts';

/**
 * kill -9 of any process, at any moment, under load: nothing lost, nothing twice, order kept. The long form
 * (`npm run test:crash`) kills fifty times.
 */
const kills = isFull ? 50 : 4;
const messagesBetweenKills = 12;
const people = { ana: '15550000001', berta: '15550000002', author: '15550000003', guest: '15550000004' };
/** The kills follow one another without a pause: on a busy machine an answer may see many of them before it gets through. */
const patience = { timeout: 600_000, interval: 200 };

it(`loses nothing and doubles nothing over ${kills} kills`, async () => {
	const random = createRandom();
	await using net = await startNetwork();
	const ana = await signUp(net, 'ana');
	const berta = await signUp(net, 'berta');
	const jid = await makeGroup(net, people.ana, 'Under fire', [people.berta, people.author]);
	await simulator(net, '/admin/accounts', { phone: people.guest });
	await Promise.all([ana.link(people.ana), berta.link(people.berta)]);
	for (const person of [ana, berta]) await person.api('groups/star', { jid });

	const sent: string[] = [];
	const answers: Promise<void>[] = [];
	let guestIsIn = false;
	for (let kill = 0; kill < kills; kill++) {
		const victim = random.pick(['connector', 'storage', 'nats', 'postgres'] as const);
		const killAfter = Math.floor(random.next() * messagesBetweenKills);
		let recovery: Promise<void> | undefined;
		for (let index = 0; index < messagesBetweenKills; index++) {
			if (index === killAfter) recovery = killAndRestart(net, victim);
			sent.push(await say(net, { from: people.author, to: jid, text: `message ${sent.length}` }));
		}
		answers.push(answerOnce(ana, jid, `answer ${kill}`));
		await changeGuest(net, jid, !guestIsIn);
		guestIsIn = !guestIsIn;
		await recovery;
	}
	await Promise.all(answers);

	for (const person of [ana, berta]) {
		const isOwn = person === ana;
		await vi.waitFor(async () => {
			const messages = await readAll(person, jid);
			const others = messages.filter(({ text }) => text?.startsWith('message '));
			expect(others.map(({ id }) => id)).toEqual(sent);
			const answered = messages.filter(({ text }) => text?.startsWith('answer ')).map(({ text }) => text);
			expect(answered.sort()).toEqual(Array.from({ length: kills }, (_, index) => `answer ${index}`).sort());
			expect(messages.filter(({ sender }) => sender.isYou)).toHaveLength(isOwn ? kills : 0);
		}, patience);
	}
	const { participants } = Group.parse(await simulator(net, `/admin/groups/${jid}`));
	const truth = participants
		.map(({ phone, role }) => `+${phone} ${role === 'superadmin' ? 'owner' : role}`)
		.sort();
	for (const person of [ana, berta]) {
		await vi.waitFor(async () => {
			const members = Members.parse(await person.api('members/list', { jid })).participants;
			expect(members.map(({ phone, role }) => `${phone} ${role}`).sort()).toEqual(truth);
		}, patience);
	}
	const shown = Shown.parse(
		await simulator(net, `/admin/accounts/${people.author}/messages?chat=${jid}`),
	).messages;
	const texts = shown.flatMap(({ text }) => (text?.startsWith('answer ') ? [text] : []));
	expect(texts.sort()).toEqual([...new Set(texts)]);
	expect(texts).toHaveLength(kills);
}, 3_600_000);

async function killAndRestart(
	net: Network,
	victim: 'connector' | 'storage' | 'nats' | 'postgres',
): Promise<void> {
	if (victim === 'connector' || victim === 'storage') {
		await net.service(victim).kill();
		await net.service(victim).start();
		return;
	}
	const server = victim === 'nats' ? net.servers.nats : net.servers.postgres;
	await server?.kill();
	await server?.restart();
}

/** Sends with an idempotency key, again and again until it is known to be sent, as a careful agent would. */
async function answerOnce(person: Person, jid: string, text: string): Promise<void> {
	await vi.waitFor(async () => {
		const input = { jid, text, idempotencyKey: text.replace(' ', '-') };
		expect(await person.api('messages/send', input)).toMatchObject({ status: 'sent' });
	}, patience);
}

async function changeGuest(net: Network, jid: string, isIn: boolean): Promise<void> {
	const change = { by: people.ana, action: isIn ? 'add' : 'remove', phones: [people.guest] };
	await simulator(net, `/admin/groups/${jid}/participants`, change);
}

const Group = z.object({ participants: z.array(z.object({ phone: z.string(), role: z.string() })) });
const Members = z.object({
	participants: z.array(z.object({ phone: z.string().nullable(), role: z.string() })),
});
const Shown = z.object({ messages: z.array(z.object({ text: z.string().nullish() })) });
