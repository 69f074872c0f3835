import { randomUUID } from 'node:crypto';
import { consumeEvents } from '@chat-manager/bus';
import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, cleo, groupJid, joined, message, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const clock = createManualClock(Date.now());
let system: System;
const announced: string[] = [];
beforeAll(async () => {
	system = await startSystem({ clock });
	await consumeEvents(system.bus, {
		durable: 'listener',
		types: ['group.unstarred', 'settings.changed'],
		async handle(events) {
			announced.push(...events.map(({ type, userId, groupJid: group }) => `${type} ${userId} ${group}`));
		},
	});
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const newUser = () => randomUUID();
const now = () => new Date(clock.now()).toISOString();

/** A star, a message of Ana and somebody who joined, each a second after the other. */
async function tracked(userId: string): Promise<void> {
	const first = starred({ userId, at: now() });
	clock.advance(1_000);
	const said = message(system.connectors, { userId, at: now() }, 'Hello');
	const change = joined({ userId, at: now() }, cleo);
	clock.advance(1_000);
	await system.publish(first, said, change);
	await system.settled();
}

async function starAgain(userId: string): Promise<string> {
	const at = now();
	await system.publish(starred({ userId, at }));
	await system.settled();
	return at;
}

const counts = async (userId: string) => {
	const record = await system.record(userId);
	return Object.fromEntries(
		Object.entries(record).map(([table, rows]) => [table, (rows as unknown[]).length]),
	);
};

/** The tables that still have rows of the user. */
const leftIn = async (userId: string) =>
	Object.entries(await counts(userId)).flatMap(([table, rows]) => (rows === 0 ? [] : [table]));

describe('unstarring', () => {
	it('hides the group at once, discards the history and tells when the messages go', async () => {
		const userId = newUser();
		await tracked(userId);
		const at = clock.now();
		const caller = system.as(userId);
		expect(await system.client.groups.unstar({ jid }, caller)).toEqual({
			jid,
			starred: false,
			messagesDeletedAt: new Date(at + 7 * dayMs).toISOString(),
		});
		const refused = { code: 'group_not_starred' };
		await expect(system.client.groups.getStarred({ jid }, caller)).rejects.toMatchObject(refused);
		await expect(system.client.messages.list({ jid }, caller)).rejects.toMatchObject(refused);
		await expect(system.client.groups.unstar({ jid }, caller)).rejects.toMatchObject(refused);
		expect(await system.client.groups.listStarred({}, caller)).toMatchObject({ groups: [] });
		expect(await counts(userId)).toMatchObject({ membership_changes: 0, messages: 1 });
		await expect.poll(() => announced).toContain(`group.unstarred ${userId} ${jid}`);
	});

	it('is finished by a repeat, or by the sweep, when it could not be announced', async () => {
		const [caller, sweeper] = [newUser(), newUser()];
		await Promise.all([tracked(caller), tracked(sweeper)]);
		await system.whileStreamIsFull(async () => {
			for (const userId of [caller, sweeper])
				await expect(system.client.groups.unstar({ jid }, system.as(userId))).rejects.toMatchObject({
					code: 'unavailable',
					message: expect.stringContaining('once more'),
				});
		});
		await expect(system.client.groups.getStarred({ jid }, system.as(caller))).rejects.toMatchObject({
			code: 'group_not_starred',
		});
		await system.client.groups.unstar({ jid }, system.as(caller));
		await expect.poll(() => announced).toContain(`group.unstarred ${caller} ${jid}`);
		clock.advance(60_000);
		await expect.poll(() => announced).toContain(`group.unstarred ${sweeper} ${jid}`);
		await expect(system.client.groups.unstar({ jid }, system.as(caller))).rejects.toMatchObject({
			code: 'group_not_starred',
		});
	});

	it('does not let an old star that comes again undo it', async () => {
		const userId = newUser();
		const old = starred({ userId, at: now() });
		await system.publish(old);
		await system.settled();
		clock.advance(1_000);
		await system.client.groups.unstar({ jid }, system.as(userId));
		await system.publish(old);
		await system.settled();
		await expect(system.client.groups.getStarred({ jid }, system.as(userId))).rejects.toMatchObject({
			code: 'group_not_starred',
		});
	});
});

describe('starring again', () => {
	it('within 7 days brings the messages back, with a gap, and begins the history anew', async () => {
		const userId = newUser();
		const firstStar = now();
		await tracked(userId);
		const unstarredAt = now();
		await system.client.groups.unstar({ jid }, system.as(userId));
		clock.advance(6 * dayMs);
		const at = await starAgain(userId);
		const { messages, coverage } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages).toMatchObject([{ text: 'Hello' }]);
		expect(coverage).toEqual({
			capturedFrom: firstStar,
			storing: true,
			gaps: [{ from: unstarredAt, to: at, reason: 'storage_off' }],
		});
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toMatchObject({
			starredAt: at,
			participantCount: 2,
			pendingChanges: { joined: 0, left: 0 },
		});
		clock.advance(2 * dayMs);
		await system.settled();
		expect((await system.client.messages.list({ jid }, system.as(userId))).messages).toHaveLength(1);
	});

	it('after 7 days finds nothing of before, whether the sweep came by or not', async () => {
		const userId = newUser();
		await tracked(userId);
		await system.client.groups.unstar({ jid }, system.as(userId));
		const dueAt = new Date(clock.now() + 7 * dayMs).toISOString();
		await system.publish(starred({ userId, at: dueAt }));
		await system.settled();
		const { messages, coverage } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages).toEqual([]);
		expect(coverage).toEqual({ capturedFrom: dueAt, storing: true, gaps: [] });
		const { members } = await system.client.members.activity({ userId, jid });
		expect(members.find((member) => member.jid === ana.jid)).toMatchObject({
			messageCount: 0,
			lastMessageAt: null,
		});
	});
});

describe('the sweep', () => {
	it('deletes everything of the group after 7 days, and not before', async () => {
		const [gone, kept] = [newUser(), newUser()];
		await Promise.all([tracked(gone), tracked(kept)]);
		await system.client.groups.unstar({ jid }, system.as(gone));
		clock.advance(7 * dayMs - hourMs);
		await system.settled();
		expect(await counts(gone)).toMatchObject({ messages: 1 });
		clock.advance(hourMs + 60_000);
		await expect.poll(() => leftIn(gone)).toEqual([]);
		expect(await counts(kept)).toMatchObject({ starred_groups: 1, messages: 1, membership_changes: 1 });
	});

	it('deletes what came for a group that was never starred', async () => {
		const userId = newUser();
		const said = message(system.connectors, { userId, at: now() }, 'Stray');
		await system.publish(said, joined({ userId, at: now() }, cleo));
		await system.settled();
		expect(await counts(userId)).toMatchObject({ starred_groups: 1, messages: 1 });
		clock.advance(8 * dayMs);
		await expect.poll(() => leftIn(userId)).toEqual([]);
	});
});
