import { randomUUID } from 'node:crypto';
import { consumeEvents } from '@chat-manager/bus';
import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ana, groupJid, message, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

const clock = createManualClock(Date.now());
let system: System;
const announced: { userId: string; storeMessages: boolean; at: string }[] = [];
beforeAll(async () => {
	system = await startSystem({ clock });
	await consumeEvents(system.bus, {
		durable: 'listener',
		types: ['settings.changed'],
		async handle(events) {
			for (const event of events)
				if (event.type === 'settings.changed')
					announced.push({ userId: event.userId, at: event.at, ...event.data });
		},
	});
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const newUser = () => randomUUID();
/** A second later each time. */
function next(): string {
	clock.advance(1_000);
	return new Date(clock.now()).toISOString();
}

const switchTo = (userId: string, storeMessages: boolean) =>
	system.client.settings.update({ storeMessages }, system.as(userId));
const heard = (userId: string) =>
	announced.filter((event) => event.userId === userId).map(({ storeMessages }) => storeMessages);
const read = (userId: string) => system.client.messages.list({ jid }, system.as(userId));

async function say(userId: string, text: string | null): Promise<void> {
	await system.publish(message(system.connectors, { userId, at: next() }, text));
	await system.settled();
}

it('store messages unless told otherwise, and tell of a change once', async () => {
	const userId = newUser();
	expect(await system.client.settings.get({}, system.as(userId))).toEqual({ storeMessages: true });
	expect(await switchTo(userId, true)).toEqual({ storeMessages: true });
	expect(await switchTo(userId, false)).toEqual({ storeMessages: false });
	expect(await switchTo(userId, false)).toEqual({ storeMessages: false });
	expect(await system.client.settings.get({}, system.as(userId))).toEqual({ storeMessages: false });
	expect(await switchTo(userId, true)).toEqual({ storeMessages: true });
	await expect.poll(() => heard(userId)).toHaveLength(2);
	const byTime = announced
		.filter((event) => event.userId === userId)
		.toSorted((a, b) => (a.at < b.at ? -1 : 1));
	expect(byTime.map(({ storeMessages }) => storeMessages)).toEqual([false, true]);
});

it('switched off keep no text, whatever the connector sends, but count, and leave a gap', async () => {
	const userId = newUser();
	const star = starred({ userId, at: next() });
	await system.publish(star);
	await say(userId, 'Before');
	next();
	const offAt = new Date(clock.now()).toISOString();
	await switchTo(userId, false);
	await say(userId, 'Never to be stored');
	await say(userId, null);
	expect((await read(userId)).messages.map(({ text }) => text)).toEqual(['Before']);
	expect((await read(userId)).coverage).toEqual({
		capturedFrom: star.at,
		storing: false,
		gaps: [{ from: offAt, to: null, reason: 'storage_off' }],
	});
	const rows = await system.db
		.selectFrom('messages')
		.select('content')
		.where('user_id', '=', userId)
		.execute();
	expect(rows.filter(({ content }) => content !== null)).toHaveLength(1);

	const onAt = next();
	await switchTo(userId, true);
	await say(userId, 'After');
	expect((await read(userId)).messages.map(({ text }) => text)).toEqual(['After', 'Before']);
	expect((await read(userId)).coverage).toEqual({
		capturedFrom: star.at,
		storing: true,
		gaps: [{ from: offAt, to: onAt, reason: 'storage_off' }],
	});
	const { members } = await system.client.members.activity({ userId, jid });
	expect(members.find((member) => member.jid === ana.jid)).toMatchObject({ messageCount: 4 });
});

it('of one user do not touch another', async () => {
	const [off, on] = [newUser(), newUser()];
	await system.publish(starred({ userId: off, at: next() }), starred({ userId: on, at: next() }));
	await system.settled();
	await switchTo(off, false);
	await say(on, 'Stored');
	expect((await read(on)).messages).toMatchObject([{ text: 'Stored' }]);
	expect((await read(on)).coverage).toMatchObject({ storing: true, gaps: [] });
});

it('that could not be announced are saved, and announced by a repeat or by the sweep', async () => {
	const [caller, sweeper] = [newUser(), newUser()];
	await system.whileStreamIsFull(async () => {
		for (const userId of [caller, sweeper])
			await expect(switchTo(userId, false)).rejects.toMatchObject({
				code: 'unavailable',
				message: expect.stringContaining('once more'),
			});
	});
	expect(await system.client.settings.get({}, system.as(caller))).toEqual({ storeMessages: false });
	expect(heard(caller)).toEqual([]);
	await switchTo(caller, false);
	await expect.poll(() => heard(caller)).toEqual([false]);
	clock.advance(60_000);
	await expect.poll(() => heard(sweeper)).toEqual([false]);
});
