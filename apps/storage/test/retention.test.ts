import { randomUUID } from 'node:crypto';
import { createManualClock } from '@chat-manager/service';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { config } from '../src/config.ts';
import { groupJid as jid, message, reacted, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

const dayMs = 24 * 3_600_000;
const clock = createManualClock(Date.now());
let system: System;
beforeAll(async () => {
	const settings = { CM_MESSAGE_RETENTION_DAYS: '10', CM_UNSTARRED_DAYS: '30' };
	system = await startSystem({ clock, settings });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const now = () => new Date(clock.now()).toISOString();
/** The service stands still meanwhile; it sweeps as it starts. */
const passDays = (days: number) => system.restart(async () => clock.advance(days * dayMs));

it('messages go when they are as old as was set, and reads say from when on they know', async () => {
	const userId = randomUUID();
	const old = message(system.connectors, { userId, at: now() }, 'old', { messageId: 'OLD' });
	await system.publish(starred({ userId, at: now() }), old);
	await system.publish(reacted(system.connectors, { userId, at: now() }, '👍', { messageId: 'OLD' }));
	await system.settled();
	// More than go at a time.
	await sql`
		insert into messages (user_id, jid, message_id, author_jid, id, sent_at, kind, is_you, event_id)
		select user_id, jid, 'OLD' || number, author_jid, id, sent_at, kind, is_you, event_id || number
		from messages, generate_series(1, 5100) number where user_id = ${userId}`.execute(system.db);
	await passDays(6);
	await system.publish(message(system.connectors, { userId, at: now() }, 'young'));
	await system.settled();
	const list = () => system.client.messages.list({ jid }, system.as(userId));
	const whole = await list();
	expect(whole.messages.map(({ text }) => text)).toEqual(['young', 'old']);

	await passDays(5);
	const until = new Date(clock.now() - 10 * dayMs).toISOString();
	await expect.poll(async () => (await list()).coverage.capturedFrom).toBe(until);
	await expect.poll(() => rows(userId, 'messages')).toBe(1);
	expect(await rows(userId, 'message_changes')).toBe(0);
	expect(await list()).toMatchObject({ messages: [{ text: 'young' }], coverage: { capturedFrom: until } });
	const { rows: counted } = await sql`
		select message_count from members where user_id = ${userId} and message_count > 0`.execute(system.db);
	expect(counted).toEqual([{ message_count: 2 }]);
});

it('the messages of a group without a star stay as long as was set', async () => {
	const userId = randomUUID();
	await system.publish(starred({ userId, at: now() }));
	await system.settled();
	clock.advance(1_000);
	const { messagesDeletedAt } = await system.client.groups.unstar({ jid }, system.as(userId));
	expect(Date.parse(messagesDeletedAt) - clock.now()).toBe(30 * dayMs);
	await passDays(29);
	await system.restart(); // It has swept by the time it has stopped.
	expect(await rows(userId, 'starred_groups')).toBe(1);
	await passDays(2);
	await expect.poll(() => rows(userId, 'starred_groups')).toBe(0);
});

it('nothing is forgotten unless it is set, and what makes no sense is refused', () => {
	const load = (settings: Record<string, string>) => () =>
		config.load({
			DATABASE_URL: 'postgres://localhost',
			NATS_URL: 'nats://localhost',
			CM_GRANT_PUBLIC_KEY: 'key',
			CM_MASTER_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
			...settings,
		});
	expect(load({})()).toMatchObject({ CM_UNSTARRED_DAYS: 7, CM_EVENT_RETENTION_HOURS: 72 });
	expect(load({})().CM_MESSAGE_RETENTION_DAYS).toBeUndefined();
	expect(load({ CM_MESSAGE_RETENTION_DAYS: '0' })).toThrow('CM_MESSAGE_RETENTION_DAYS');
	// Shorter than events may come late.
	expect(load({ CM_UNSTARRED_DAYS: '6' })).toThrow('CM_UNSTARRED_DAYS');
	expect(load({ CM_EVENT_RETENTION_HOURS: '168' })).toThrow('CM_EVENT_RETENTION_HOURS');
});

async function rows(userId: string, table: string): Promise<number> {
	const { rows: found } = await sql<{ count: string }>`
		select count(*) from ${sql.table(table)} where user_id = ${userId}`.execute(system.db);
	return Number(found[0]?.count);
}
