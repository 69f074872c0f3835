import { randomUUID } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	ana,
	bea,
	cleo,
	groupJid,
	joined,
	left,
	message,
	moment,
	placeholder,
	starred,
	updated,
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
	return [
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
		starred({ userId, at: moment(25) }, { name: 'Acme EU', members: [{ ...bea, role: 'owner' }] }),
		left({ userId, id: 'l2', at: moment(30) }, bea),
		joined({ userId, id: 'j2', at: moment(40) }, { ...cleo, name: 'Cleo B', phone: '+15550000000' }),
		joined({ userId, id: 'j0', at: moment(-5) }, cleo),
	];
}

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
	expect(told.toSorted()).toEqual(['Ana Maria 2', 'Bea 1', 'Cleo B 1']);
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
		}
	},
);

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
