import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ana, bea, groupJid, message, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
beforeAll(async () => {
	system = await startSystem({ durable: true });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const newUser = () => randomUUID();

/** Messages of Ana and Bea by turns. */
function said(userId: string, count: number) {
	return Array.from({ length: count }, (_, index) =>
		message(system.connectors, { userId, at: moment(index) }, `m${index}`, {
			sender: index % 2 === 0 ? ana : bea,
		}),
	);
}

/** As the connectors do: again, until NATS has it. */
async function publishSurely(events: ReturnType<typeof said>): Promise<void> {
	for (const event of events)
		await expect
			.poll(() => system.publish(event).then(() => 'published'), { timeout: 30_000 })
			.toBe('published');
}

async function stored(userId: string): Promise<number> {
	const { count } = await system.db
		.selectFrom('messages')
		.select((select) => select.fn.countAll<number>().as('count'))
		.where('user_id', '=', userId)
		.where('content', 'is not', null)
		.executeTakeFirstOrThrow();
	return count;
}

async function expectAllOnce(userId: string, count: number): Promise<void> {
	expect(await stored(userId)).toBe(count);
	const { members } = await system.client.members.activity({ userId, jid });
	expect(members.map((member) => [member.jid, member.messageCount]).toSorted()).toEqual(
		[
			[ana.jid, Math.ceil(count / 2)],
			[bea.jid, Math.floor(count / 2)],
		].toSorted(),
	);
}

it('with Postgres killed while events flow nothing is lost and nothing twice', {
	timeout: 120_000,
}, async () => {
	const userId = newUser();
	const events = said(userId, 3_000);
	await system.publish(starred({ userId, at: moment(0) }), ...events.slice(0, 1_000));
	await expect.poll(() => stored(userId)).toBeGreaterThan(0);
	const flowing = system.publish(...events.slice(1_000, 2_000));
	await system.postgres.kill();
	await flowing;
	await system.publish(...events.slice(2_000));
	await expect(system.client.messages.list({ jid }, system.as(userId))).rejects.toMatchObject({
		code: 'unavailable',
	});
	await system.postgres.restart();
	await system.settled();
	await expectAllOnce(userId, 3_000);
});

it('with NATS killed while events flow nothing is lost and nothing twice', { timeout: 120_000 }, async () => {
	const userId = newUser();
	const events = said(userId, 600);
	await system.publish(starred({ userId, at: moment(0) }), ...events.slice(0, 300));
	await system.nats.kill();
	const flowing = publishSurely(events.slice(300));
	await system.nats.restart();
	await flowing;
	await system.settled();
	await expectAllOnce(userId, 600);
});

it('without connectors events wait and lose no text', async () => {
	const userId = newUser();
	const events = said(userId, 40);
	await system.publish(starred({ userId, at: moment(0) }));
	await system.settled();
	await system.connectors.goAway();
	await system.publish(...events);
	const manager = await system.bus.nats.jetstreamManager();
	await expect.poll(async () => (await manager.consumers.info('EVENTS', 'storage')).num_ack_pending).toBe(40);
	expect(await stored(userId)).toBe(0);
	await system.connectors.comeBack();
	await system.settled();
	await expectAllOnce(userId, 40);
});

it('a restart in the middle of the work leaves no trace', { timeout: 120_000 }, async () => {
	const userId = newUser();
	const events = said(userId, 2_000);
	await system.publish(starred({ userId, at: moment(0) }), ...events.slice(0, 1_000));
	const flowing = system.publish(...events.slice(1_000));
	await system.restart();
	await system.giveBackSoon();
	await flowing;
	await system.settled();
	await expectAllOnce(userId, 2_000);
});

it('two replicas share the work, also when they get the same messages at the same time', {
	timeout: 120_000,
}, async () => {
	const userId = newUser();
	const events = said(userId, 1_000);
	await using replica = await system.startApp();
	void replica;
	await system.publish(starred({ userId, at: moment(0) }));
	await system.publish(...events, ...events.toReversed(), ...events);
	await system.settled();
	await expectAllOnce(userId, 1_000);
});

it('the key of a user is asked for once, not for each event', async () => {
	const userId = newUser();
	const before = system.connectors.timesAsked();
	await system.publish(starred({ userId, at: moment(0) }), ...said(userId, 500));
	await system.settled();
	expect(system.connectors.timesAsked() - before).toBe(1);
});
