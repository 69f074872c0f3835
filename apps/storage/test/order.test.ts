import { randomUUID } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	ana,
	bea,
	cleo,
	deleted,
	demoted,
	edited,
	groupJid,
	joined,
	left,
	message,
	moment,
	placeholder,
	promoted,
	reacted,
	starred,
	updated,
	voted,
} from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
let expected: Awaited<ReturnType<System['record']>>;
const first = randomUUID();

beforeAll(async () => {
	system = await startSystem();
	for (const event of story(first)) {
		await system.publish(event);
		await system.settled();
	}
	expected = await system.record(first);
});
afterAll(() => system?.[Symbol.asyncDispose]());

/** The life of a group, as it happened. */
function story(userId: string): BusEvent[] {
	const say = (
		second: number,
		messageId: string,
		sender: { jid: string; name: string | null; phone: string | null },
	) =>
		message(system.connectors, { userId, at: moment(second) }, `text of ${messageId}`, { messageId, sender });
	const at = (second: number, id: string) => ({ userId, id, at: moment(second) });
	const { connectors } = system;
	const poll = { messageId: 'M5', author: ana };
	return [
		...[
			edited(connectors, at(6, 'e1'), 'first edit', { messageId: 'M1' }),
			edited(connectors, at(7, 'e2'), 'second edit', { messageId: 'M1' }),
			edited(connectors, at(8, 'e3'), null, { messageId: 'M1' }),
			edited(connectors, at(7, 'e4'), 'not hers', {
				messageId: 'M1',
				author: ana,
				sender: bea,
				revision: 9e12,
			}),
			edited(connectors, at(7, 'e5'), 'edit of a filled one', { messageId: 'M2', author: bea }),
			edited(connectors, at(12, 'e6'), 'secret', { messageId: 'M3', author: cleo }),
			deleted(at(13, 'd1'), { messageId: 'M3', author: cleo }),
			reacted(connectors, at(14, 'r0'), '👍', { messageId: 'M3', author: cleo, sender: ana }),
			reacted(connectors, at(14, 'r1'), '👍', { messageId: 'M1', sender: bea }),
			reacted(connectors, at(15, 'r2'), '❤️', { messageId: 'M1', sender: bea, revision: 2 }),
			reacted(connectors, at(15, 'r3'), '👍', { messageId: 'M1', sender: cleo }),
			reacted(connectors, at(15, 'r4'), '🎉', { messageId: 'M1', sender: ana, revision: 10 }),
			reacted(connectors, at(15, 'r5'), null, { messageId: 'M1', sender: ana, revision: 11 }),
			// Bea is no admin at 16, and is one at 19.
			deleted(at(16, 'd2'), { messageId: 'M4', author: ana, sender: bea }),
			promoted(at(18, 'p1'), bea),
			deleted(at(19, 'd3'), { messageId: 'M2', author: bea, sender: ana }),
			message(connectors, at(22, 'm6'), 'to be deleted by an admin', { messageId: 'M6', sender: cleo }),
			deleted(at(23, 'd4'), { messageId: 'M6', author: cleo, sender: bea }),
			demoted(at(24, 'p2'), bea),
			promoted(at(50, 'p3'), cleo),
			message(connectors, at(20, 'm5'), 'Lunch?\n- Yes\n- No', { messageId: 'M5', kind: 'poll' }),
			voted(connectors, at(21, 'v1'), ['Yes', 'No'], { ...poll, sender: bea }),
			voted(connectors, at(22, 'v2'), ['No'], { ...poll, sender: bea }),
			voted(connectors, at(22, 'v3'), ['No'], { ...poll, sender: cleo }),
			voted(connectors, at(22, 'v4'), [], { ...poll, sender: ana }),
			reacted(connectors, at(22, 'r6'), '👍', { messageId: 'NEVER', sender: bea }),
		],
		starred({ userId, at: moment(0) }),
		say(3, 'M1', ana),
		placeholder({ userId, at: moment(4) }, { messageId: 'M2', sender: bea }),
		updated({ userId, at: moment(5) }, { name: 'Acme' }),
		say(4, 'M2', bea),
		updated({ userId, at: moment(9) }, { name: 'Acme EU', description: 'Hello' }),
		joined({ userId, id: 'j1', at: moment(10) }, cleo),
		say(11, 'M3', { ...cleo, name: 'Cleo' }),
		left({ userId, id: 'l1', at: moment(20) }, cleo),
		say(21, 'M4', { ...ana, name: 'Ana Maria' }),
		starred({ userId, id: 's2', at: moment(25) }, { name: 'Acme EU', members: [{ ...bea, role: 'owner' }] }),
		left({ userId, id: 'l2', at: moment(30) }, bea),
		joined({ userId, id: 'j2', at: moment(40) }, { ...cleo, name: 'Cleo B', phone: '+15550000000' }),
		joined({ userId, id: 'j0', at: moment(-5) }, cleo),
	];
}

async function read(userId: string) {
	const { messages } = await system.client.messages.list({ jid: groupJid }, system.as(userId));
	return messages;
}

it('has messages with all that happened to them', async () => {
	const messages = new Map((await read(first)).map((message) => [message.id, message]));
	const plain = { deleted: false, edited: false, reactions: [] };
	expect(messages.get('M1')).toMatchObject({
		...plain,
		text: 'second edit',
		edited: true,
		reactions: [{ emoji: '👍', count: 2 }],
	});
	const gone = { ...plain, deleted: true, text: null };
	expect(messages.get('M2')).toMatchObject(gone);
	expect(messages.get('M3')).toMatchObject(gone);
	expect(messages.get('M4')).toMatchObject({ ...plain, text: 'text of M4' });
	expect(messages.get('M5')).toMatchObject({ ...plain, votes: [{ option: 'No', count: 2 }] });
	expect(messages.get('M6')).toMatchObject(gone);
});

it('has a known end', async () => {
	const group = await system.client.groups.getStarred({ jid: groupJid }, system.as(first));
	expect(group).toMatchObject({
		name: 'Acme EU',
		description: null,
		starredAt: moment(0),
		participantCount: 1,
	});
	expect(group.pendingChanges).toEqual({ joined: 2, left: 2 });
	const { members } = await system.client.members.activity({ userId: first, jid: groupJid });
	const told = members.map(({ name, messageCount }) => `${name} ${messageCount}`);
	expect(told.toSorted()).toEqual(['Ana Maria 3', 'Bea 1', 'Cleo B 2']);
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
	'events give the same record in order %i, each with a repeat, one by one or all at once',
	async (seed) => {
		const [oneByOne, atOnce] = [randomUUID(), randomUUID()];
		for (const event of shuffled(story(oneByOne), seed)) {
			await system.publish(event);
			await system.settled();
		}
		const events = story(atOnce);
		await system.publish(...shuffled([...events, ...events], seed));
		await system.settled();
		for (const userId of [oneByOne, atOnce]) {
			const record = await system.record(userId);
			expect(JSON.parse(JSON.stringify(record).replaceAll(userId, first))).toEqual(expected);
			expect(await read(userId)).toHaveLength(6);
			expect(sortedById(await read(userId))).toEqual(sortedById(await read(first)));
		}
	},
);

function sortedById<M extends { id: string }>(messages: readonly M[]): M[] {
	return messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** A permutation that is the same for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
	let state = seed * 7_919;
	const next = () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return state;
	};
	return items
		.map((item) => ({ item, place: next() }))
		.sort((a, b) => a.place - b.place)
		.map(({ item }) => item);
}
