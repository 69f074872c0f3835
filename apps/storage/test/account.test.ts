import { randomUUID } from 'node:crypto';
import { consumeEvents } from '@chat-manager/bus';
import { createManualClock } from '@chat-manager/service';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, bea, cleo, groupJid, joined, message, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

const clock = createManualClock(Date.now());
const otherJid = '120363025246125999@g.us';
let system: System;
const erased: string[] = [];
beforeAll(async () => {
	system = await startSystem({ clock });
	await consumeEvents(system.bus, {
		durable: 'listener',
		types: ['account.erased'],
		async handle(events) {
			erased.push(...events.map(({ userId }) => userId));
		},
	});
});
afterAll(() => system?.[Symbol.asyncDispose]());

type Kind = 'settings' | 'groups' | 'members' | 'membership_changes' | 'messages';

/** Every page of a kind, and how long each was. */
async function exported(userId: string, kind: Kind) {
	const { account } = system.client;
	const pages = [];
	let total: number | null = null;
	for (let cursor: string | null | undefined; cursor !== null; ) {
		const page = await account.exportRecord(
			{ kind, ...(cursor === undefined ? {} : { cursor }) },
			system.as(userId),
		);
		pages.push(page.records);
		total ??= page.total;
		cursor = page.nextCursor;
	}
	return { pages, records: pages.flat(), total };
}

async function settle(userId: string): Promise<void> {
	const said = Array.from({ length: 620 }, (_, index) =>
		message(system.connectors, { userId, at: moment(10 + index) }, `number ${index}`),
	);
	await system.publish(
		starred({ userId, at: moment(0) }),
		starred({ userId, jid: otherJid, at: moment(0) }),
		joined({ userId, at: moment(5) }, cleo),
		...said,
		message(system.connectors, { userId, jid: otherJid, at: moment(1) }, 'elsewhere', { sender: bea }),
	);
	await system.settled();
}

describe('the export', () => {
	it('has everything of one person, in pages, and nothing of another', async () => {
		const userId = randomUUID();
		await settle(userId);
		await settle(randomUUID());
		const messages = await exported(userId, 'messages');
		expect(messages.total).toBe(621);
		expect(messages.pages.length).toBeGreaterThan(2);
		const texts = messages.records.filter(({ group }) => group === groupJid).map(({ text }) => text);
		expect(texts).toEqual(Array.from({ length: 620 }, (_, index) => `number ${index}`));
		expect(messages.records.at(-1)).toMatchObject({ group: otherJid, text: 'elsewhere' });
		expect((await exported(userId, 'groups')).records).toMatchObject([{ jid: groupJid }, { jid: otherJid }]);
		expect((await exported(userId, 'membership_changes')).records).toMatchObject([
			{ group: groupJid, jid: cleo.jid, direction: 'joined' },
		]);
		const members = await exported(userId, 'members');
		expect(members.records).toHaveLength(members.total ?? 0);
		expect(members.records).toContainEqual(
			expect.objectContaining({ group: groupJid, jid: ana.jid, phone: ana.phone, messageCount: 620 }),
		);
	});

	it('takes no place in a list of somebody else', async () => {
		const userId = randomUUID();
		await settle(userId);
		const { nextCursor } = await system.client.account.exportRecord({ kind: 'messages' }, system.as(userId));
		const foreign = { kind: 'messages' as const, cursor: nextCursor ?? '' };
		await expect(system.client.account.exportRecord(foreign, system.as(randomUUID()))).rejects.toMatchObject({
			code: 'invalid_input',
		});
	});
});

it('deleting the stored messages leaves who is there and how much they wrote', async () => {
	const userId = randomUUID();
	const stranger = randomUUID();
	await settle(userId);
	await settle(stranger);
	const caller = system.as(userId);
	expect(await system.client.account.deleteMessages({}, caller)).toEqual({ deleted: 621 });
	const { messages, coverage } = await system.client.messages.list({ jid: groupJid }, caller);
	expect(messages).toEqual([]);
	expect(coverage.capturedFrom).toBe(new Date(clock.now()).toISOString());
	expect((await exported(userId, 'members')).records).toContainEqual(
		expect.objectContaining({ jid: ana.jid, messageCount: 620 }),
	);
	expect((await exported(stranger, 'messages')).total).toBe(621);
});

describe('a deleted account', () => {
	const gone = (userId: string) => ({
		id: `deleted-${userId}`,
		type: 'account.deleted' as const,
		at: new Date(clock.now()).toISOString(),
		userId,
		data: {},
	});
	const rowsOf = async (userId: string) =>
		Object.values(await system.record(userId)).reduce(
			(sum: number, rows) => sum + (rows as unknown[]).length,
			0,
		);
	const keysOf = async (userId: string) => {
		const { rows } = await sql`select 1 from data_keys where user_id = ${userId}`.execute(system.db);
		return rows.length;
	};
	const timesErased = (userId: string) => erased.filter((id) => id === userId).length;

	it('is erased and said to be, as often as it is asked, and what comes late is not recorded', async () => {
		const userId = randomUUID();
		await settle(userId);
		expect(await keysOf(userId)).toBe(1);
		await system.publish(gone(userId));
		await system.settled();
		await expect.poll(() => timesErased(userId)).toBe(1);
		expect([await rowsOf(userId), await keysOf(userId)]).toEqual([0, 0]);
		await system.publish(
			message(system.connectors, { userId, at: moment(9_000) }, 'late'),
			starred({ userId, at: moment(9_001) }),
		);
		await system.settled();
		expect([await rowsOf(userId), await keysOf(userId)]).toEqual([0, 0]);
		await system.publish(gone(userId));
		await system.settled();
	});

	it('is swept once more after what was under way, and forgotten when nothing can come any more', async () => {
		const userId = randomUUID();
		await system.publish(gone(userId));
		await system.settled();
		await sql`insert into starred_groups (user_id, jid) values (${userId}, ${groupJid})`.execute(system.db);
		clock.advance(60_000);
		await expect.poll(() => rowsOf(userId)).toBe(0);
		const remembered = async () => {
			const { rows } = await sql`select 1 from erased_accounts where user_id = ${userId}`.execute(system.db);
			return rows.length;
		};
		expect(await remembered()).toBe(1);
		clock.advance(169 * 3_600_000);
		await expect.poll(remembered).toBe(0);
	});
});
