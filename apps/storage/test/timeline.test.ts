import { randomUUID } from 'node:crypto';
import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ana, bea, cleo, groupJid as jid, joined, left, message, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

/** Noon in UTC of the fifth day; the star is at 09:00 of the first. */
const clock = createManualClock(Date.parse(moment(4 * 86_400 + 3 * 3_600)));
let system: System;
beforeAll(async () => {
	system = await startSystem({ clock });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const hour = 3_600;

async function live(userId: string): Promise<void> {
	const { connectors } = system;
	await system.publish(starred({ userId, at: moment(0) }));
	await system.publish(
		message(connectors, { userId, at: moment(hour) }, 'first day'),
		// 23:30 of the first day in UTC, 00:30 of the second in Madrid, 18:30 of the first in New York.
		message(connectors, { userId, at: moment(14.5 * hour) }, 'late'),
		message(connectors, { userId, at: moment(4 * 24 * hour) }, 'today'),
		joined({ userId, at: moment(26 * hour) }, cleo),
		left({ userId, at: moment(50 * hour) }, bea),
		left({ userId, at: moment(51 * hour) }, ana),
	);
	await system.settled();
}

it('counts each day from midnight to midnight of the person, and says of which days nothing is known', async () => {
	const userId = randomUUID();
	await live(userId);
	const read = async (timeZone: string) => {
		const { days } = await system.client.groups.timeline({ jid, timeZone, days: 6 }, system.as(userId));
		return days.map(({ day, messages, joined: came, left: went }) => [day, messages, came, went]);
	};
	expect(await read('UTC')).toEqual([
		['2026-11-21', null, null, null],
		['2026-11-22', 2, 0, 0],
		['2026-11-23', 0, 1, 0],
		['2026-11-24', 0, 0, 2],
		['2026-11-25', 0, 0, 0],
		['2026-11-26', 1, 0, 0],
	]);
	expect((await read('Europe/Madrid')).slice(1, 3)).toEqual([
		['2026-11-22', 1, 0, 0],
		['2026-11-23', 1, 1, 0],
	]);
	expect((await read('Pacific/Kiritimati')).map(([day]) => day).at(-1)).toBe('2026-11-27');
});

it('says which days may lack messages', async () => {
	const userId = randomUUID();
	await live(userId);
	const partial = async () => {
		const { days } = await system.client.groups.timeline({ jid, days: 6 }, system.as(userId));
		return days.filter((day) => day.partial).map(({ day }) => day);
	};
	expect(await partial()).toEqual(['2026-11-22']);
	await system.client.settings.update({ storeMessages: false }, system.as(userId));
	expect(await partial()).toEqual(['2026-11-22', '2026-11-26']);
});

it('knows nothing of the groups of others, and no time zone that there is not', async () => {
	const userId = randomUUID();
	await live(userId);
	const stranger = system.as(randomUUID());
	await expect(system.client.groups.timeline({ jid }, stranger)).rejects.toMatchObject({
		code: 'group_not_starred',
	});
	await expect(
		system.client.groups.timeline({ jid, timeZone: 'Mars/Olympus' }, system.as(userId)),
	).rejects.toMatchObject({ code: 'invalid_input' });
});
