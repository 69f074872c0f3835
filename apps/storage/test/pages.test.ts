import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { groupJid, message, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
beforeAll(async () => {
	system = await startSystem();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const otherJid = '120363000000000001@g.us';
const newUser = () => randomUUID();

async function fill(userId: string, texts: readonly string[], at: (index: number) => string): Promise<void> {
	await system.publish(starred({ userId, at: moment(0) }), starred({ userId, jid: otherJid, at: moment(0) }));
	await system.publish(
		...texts.map((text, index) => message(system.connectors, { userId, at: at(index) }, text)),
	);
	await system.settled();
}

async function readAll(userId: string, limit: number, betweenPages = async () => {}) {
	const pages: string[][] = [];
	for (let before: string | null | undefined; before !== null; ) {
		const input = { jid, limit, ...(before === undefined ? {} : { before }) };
		const page = await system.client.messages.list(input, system.as(userId));
		pages.push(page.messages.map(({ text }) => text ?? ''));
		before = page.nextCursor;
		await betweenPages();
	}
	return pages;
}

it('go through thousands of messages of few moments without a gap or a repeat, while new ones arrive', async () => {
	const userId = newUser();
	const texts = Array.from({ length: 3_000 }, (_, index) => `m${index}`);
	// 750 messages of each moment.
	await fill(userId, texts, (index) => moment(index % 4));
	let later = 0;
	const pages = await readAll(userId, 100, () =>
		system.publish(message(system.connectors, { userId, at: moment(100) }, `late ${later++}`)),
	);
	expect(pages.slice(0, -1).every((page) => page.length === 100)).toBe(true);
	expect(pages.flat().toSorted()).toEqual(texts.toSorted());
});

it('show messages of the same second in the order in which they came', async () => {
	const userId = newUser();
	await fill(userId, [], () => moment(1));
	for (const text of ['first', 'second', 'third']) {
		await system.publish(message(system.connectors, { userId, at: moment(1) }, text));
		await system.settled();
	}
	expect(await readAll(userId, 2)).toEqual([['third', 'second'], ['first']]);
});

it('are cut where an answer would become too large for the bus', async () => {
	const userId = newUser();
	const texts = Array.from({ length: 30 }, (_, index) => `${index} ${'ü'.repeat(65_000)}`);
	await fill(userId, texts, (index) => moment(index));
	const pages = await readAll(userId, 100);
	expect(pages.length).toBeGreaterThan(1);
	expect(pages.flat()).toEqual(texts.toReversed());
});

it('refuse a cursor that was changed, invented, or made for another list', async () => {
	const [userId, stranger] = [newUser(), newUser()];
	await fill(userId, ['one', 'two', 'three'], (index) => moment(index));
	await fill(stranger, ['one', 'two'], (index) => moment(index));
	const { nextCursor } = await system.client.messages.list({ jid, limit: 1 }, system.as(userId));
	const cursor = nextCursor ?? '';
	expect(cursor).not.toBe('');
	const refused = { code: 'invalid_input', message: expect.stringContaining('nextCursor') };
	const first = cursor.startsWith('A') ? 'B' : 'A';
	for (const before of [`${first}${cursor.slice(1)}`, `${cursor}A`, `${cursor}!`, cursor.slice(2), 'x', '0'])
		await expect(
			system.client.messages.list({ jid, before }, system.as(userId)),
			before,
		).rejects.toMatchObject(refused);
	await expect(
		system.client.messages.list({ jid: otherJid, before: cursor }, system.as(userId)),
	).rejects.toMatchObject(refused);
	await expect(
		system.client.messages.list({ jid, before: cursor }, system.as(stranger)),
	).rejects.toMatchObject(refused);
	await expect(system.client.groups.listStarred({ cursor }, system.as(userId))).rejects.toMatchObject(
		refused,
	);
	const next = await system.client.messages.list({ jid, before: cursor }, system.as(userId));
	expect(next.messages.map(({ text }) => text)).toEqual(['two', 'one']);
});
