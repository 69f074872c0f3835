import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, bea, cleo, groupJid, joined, left, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
beforeAll(async () => {
	system = await startSystem();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const otherJid = '120363000000000001@g.us';
const newUser = () => randomUUID();

describe('a star', () => {
	it('brings the members as a baseline that nobody joined', async () => {
		const userId = newUser();
		await system.publish(starred({ userId, at: moment(0) }, { description: 'Ask here' }));
		await system.settled();
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toEqual({
			jid,
			name: 'Acme Support',
			description: 'Ask here',
			participantCount: 2,
			starredAt: moment(0),
			lastVisitedAt: null,
			pendingChanges: { joined: 0, left: 0 },
		});
		expect(await system.client.groups.listStarred({}, system.as(userId))).toEqual({
			groups: [
				{ jid, name: 'Acme Support', participantCount: 2, joinedSinceLastVisit: 0, leftSinceLastVisit: 0 },
			],
			nextCursor: null,
		});
	});

	it('changes nothing the second time', async () => {
		const userId = newUser();
		const star = starred({ userId, at: moment(0) });
		await system.publish(star);
		await system.settled();
		const before = await system.record(userId);
		await system.publish(star);
		await system.settled();
		expect(await system.record(userId)).toEqual(before);
		await system.publish(joined({ userId, at: moment(10) }, cleo));
		await system.settled();
		const { lastVisitedAt } = await system.client.groups.markVisited({ jid }, system.as(userId));
		const members = [ana, bea, cleo].map((person) => ({ ...person, role: 'member' as const }));
		await system.publish(starred({ userId, at: moment(60) }, { members }));
		await system.settled();
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toMatchObject({
			starredAt: moment(0),
			lastVisitedAt,
			participantCount: 3,
		});
	});
});

describe('membership changes', () => {
	it('count from the star, and from the last visit after one', async () => {
		const userId = newUser();
		const caller = system.as(userId);
		const late = new Date(Date.now() + 3_600_000).toISOString();
		await system.publish(
			starred({ userId, at: moment(0) }),
			joined({ userId, at: moment(-10) }, cleo), // Contained in the snapshot.
			joined({ userId, at: moment(10) }, cleo),
			left({ userId, at: moment(20) }, bea),
		);
		await system.settled();
		expect(await system.client.members.changes({ jid }, caller)).toEqual({
			since: moment(0),
			joined: [{ ...cleo, at: moment(10), by: null, how: 'invite_link' }],
			left: [{ ...bea, at: moment(20), by: ana.jid, how: 'removed' }],
		});
		const { lastVisitedAt } = await system.client.groups.markVisited({ jid }, caller);
		expect(await system.client.members.changes({ jid }, caller)).toEqual({
			since: lastVisitedAt,
			joined: [],
			left: [],
		});
		await system.publish(left({ userId, at: late }, cleo));
		await system.settled();
		const group = await system.client.groups.getStarred({ jid }, caller);
		expect(group).toMatchObject({
			lastVisitedAt,
			participantCount: 1,
			pendingChanges: { joined: 0, left: 1 },
		});
	});

	it('count when they came to be known after the visit, though they happened before it', async () => {
		const userId = newUser();
		const caller = system.as(userId);
		await system.publish(starred({ userId, at: moment(0) }), joined({ userId, at: moment(10) }, cleo));
		await system.settled();
		await system.client.groups.markVisited({ jid }, caller);
		// The device was away while it happened.
		await system.publish(left({ userId, at: moment(5) }, bea));
		await system.settled();
		expect(await system.client.members.changes({ jid }, caller)).toMatchObject({
			joined: [],
			left: [{ ...bea, at: moment(5) }],
		});
		expect(await system.client.groups.getStarred({ jid }, caller)).toMatchObject({
			pendingChanges: { joined: 0, left: 1 },
		});
		await system.client.groups.markVisited({ jid }, caller);
		expect(await system.client.groups.getStarred({ jid }, caller)).toMatchObject({
			pendingChanges: { joined: 0, left: 0 },
		});
	});

	it('count in the second of the snapshot too: WhatsApp tells no more of a time', async () => {
		const userId = newUser();
		const takenAt = new Date(Date.parse(moment(0)) + 700).toISOString();
		await system.publish(starred({ userId, at: takenAt }), joined({ userId, at: moment(0) }, cleo));
		await system.settled();
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toMatchObject({
			participantCount: 3,
			pendingChanges: { joined: 1, left: 0 },
		});
	});

	it('of the same second count in the order in which they were published', async () => {
		const userId = newUser();
		await system.publish(starred({ userId, at: moment(0) }));
		for (const change of [left, joined, left, joined]) {
			await system.publish(change({ userId, at: moment(10) }, bea));
			await system.publish(change({ userId, at: moment(11) }, ana));
		}
		await system.publish(left({ userId, at: moment(11) }, ana));
		await system.settled();
		const group = await system.client.groups.getStarred({ jid }, system.as(userId));
		expect(group).toMatchObject({ participantCount: 1, pendingChanges: { joined: 4, left: 5 } });
	});

	it('are counted once, however often they come', async () => {
		const userId = newUser();
		const change = joined({ userId, at: moment(10) }, cleo);
		await system.publish(starred({ userId, at: moment(0) }), change, change);
		await system.settled();
		await system.publish(change);
		await system.settled();
		const { pendingChanges } = await system.client.groups.getStarred({ jid }, system.as(userId));
		expect(pendingChanges).toEqual({ joined: 1, left: 0 });
	});
});

describe('the list', () => {
	it('pages through all groups, none twice', async () => {
		const userId = newUser();
		const jids = Array.from({ length: 230 }, (_, index) => `1203630000000${10_000 + index}@g.us`);
		// Many of the same moment.
		await system.publish(
			...jids.map((each, index) => starred({ userId, jid: each, at: moment(index % 3) }, { members: [] })),
		);
		await system.settled();
		const seen: string[] = [];
		const sizes: number[] = [];
		for (let cursor: string | null | undefined; cursor !== null; ) {
			const page = await system.client.groups.listStarred(cursor ? { cursor } : {}, system.as(userId));
			seen.push(...page.groups.map((group) => group.jid));
			sizes.push(page.groups.length);
			cursor = page.nextCursor;
		}
		expect(sizes).toEqual([100, 100, 30]);
		expect(seen.toSorted()).toEqual(jids);
	});

	it('and everything else show a limited token its groups only', async () => {
		const userId = newUser();
		await system.publish(
			starred({ userId, at: moment(0) }),
			starred({ userId, jid: otherJid, at: moment(1) }),
		);
		await system.settled();
		const limited = system.as(userId, { groups: [otherJid] });
		const { groups } = await system.client.groups.listStarred({}, limited);
		expect(groups.map((group) => group.jid)).toEqual([otherJid]);
		await expect(system.client.groups.getStarred({ jid }, limited)).rejects.toMatchObject({
			code: 'group_not_starred',
		});
		await expect(system.client.groups.unstar({ jid }, limited)).rejects.toMatchObject({
			code: 'group_not_starred',
		});
		expect(await system.client.groups.getStarred({ jid: otherJid }, limited)).toMatchObject({
			jid: otherJid,
		});
	});
});

describe('a group of somebody else', () => {
	it('cannot be told from one that is not starred or does not exist', async () => {
		const [owner, stranger] = [newUser(), newUser()];
		const unstarred = '120363000000000002@g.us';
		await system.publish(
			starred({ userId: owner, at: moment(0) }),
			starred({ userId: stranger, jid: unstarred, at: moment(0) }),
		);
		await system.settled();
		await system.client.groups.unstar({ jid: unstarred }, system.as(stranger));
		const caller = system.as(stranger);
		const calls = [
			(group: string) => system.client.groups.getStarred({ jid: group }, caller),
			(group: string) => system.client.groups.markVisited({ jid: group }, caller),
			(group: string) => system.client.groups.unstar({ jid: group }, caller),
			(group: string) => system.client.members.changes({ jid: group }, caller),
			(group: string) => system.client.messages.list({ jid: group }, caller),
			(group: string) => system.client.messages.list({ jid: group, before: 'x' }, caller),
			(group: string) => system.client.messages.find({ userId: stranger, jid: group, messageId: 'M1' }),
		];
		for (const call of calls) {
			const answers = await Promise.all(
				[jid, unstarred, '120363000000000009@g.us'].map((group) =>
					call(group).then(
						() => 'answered',
						(error) => `${error.code} ${error.message}`,
					),
				),
			);
			expect(new Set(answers).size).toBe(1);
			expect(answers[0]).toMatch(/^group_not_starred /);
		}
		expect(await system.client.members.activity({ userId: stranger, jid })).toEqual({ members: [] });
		expect(await system.client.groups.getStarred({ jid }, system.as(owner))).toMatchObject({ jid });
	});
});
