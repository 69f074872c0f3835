import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	ana,
	bea,
	cleo,
	confirmed,
	deviceChanged,
	groupJid,
	message,
	moment,
	starred,
} from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
beforeAll(async () => {
	system = await startSystem();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;

/** A message of the user's own. */
function own(userId: string, text: string) {
	const event = message(system.connectors, { userId, at: moment(1) }, text);
	const sender = { ...event.data.sender, isYou: true };
	return { ...event, type: 'message.sent' as const, data: { ...event.data, sender } };
}

it('counts whom an own message reached and who opened it, once each, in whatever order it is told', async () => {
	const userId = randomUUID();
	const sent = own(userId, 'We open at nine.');
	const { messageId } = sent.data;
	const at = moment(2);
	const where = { userId, at };
	await system.publish(
		confirmed(where, messageId, [{ jid: bea.jid, read: true, at: moment(9) }]),
		confirmed(where, messageId, [
			{ jid: bea.jid, read: false, at },
			{ jid: cleo.jid, read: false, at },
		]),
		confirmed(where, messageId, [{ jid: cleo.jid, read: false, at: moment(5) }]),
		sent,
		starred({ userId, at: moment(0) }),
		message(system.connectors, { userId, at: moment(3) }, 'Thanks', { sender: bea }),
	);
	await system.settled();
	const { messages } = await system.client.messages.list({ jid }, system.as(userId));
	expect(messages.map(({ text, delivery }) => ({ text, delivery }))).toEqual([
		{ text: 'Thanks', delivery: undefined },
		{ text: 'We open at nine.', delivery: { delivered: 2, read: 1 } },
	]);
	const { message: found } = await system.client.messages.find({ userId, jid, messageId });
	expect(found.delivery).toEqual({ delivered: 2, read: 1 });
});

it('tells of one of whom nobody confirmed anything', async () => {
	const userId = randomUUID();
	const sent = { ...own(userId, 'Hello?') };
	await system.publish(starred({ userId, at: moment(0) }), sent);
	await system.settled();
	const { messages } = await system.client.messages.list({ jid }, system.as(userId));
	expect(messages).toMatchObject([{ text: 'Hello?', delivery: { delivered: 0, read: 0 } }]);
	expect(messages[0]?.sender.jid).toBe(ana.jid);
});

it('says with every read when the device was not there, whoever comes first', async () => {
	const userId = randomUUID();
	await system.publish(
		deviceChanged({ userId, at: moment(90) }, 'connected'),
		deviceChanged({ userId, at: moment(60) }, 'logged_out'),
		deviceChanged({ userId, at: moment(50) }, 'offline'),
		starred({ userId, at: moment(0) }),
		deviceChanged({ userId, at: moment(95) }, 'reconnecting'),
		deviceChanged({ userId, at: moment(99) }, 'connected'),
	);
	await system.settled();
	const read = async () => (await system.client.messages.list({ jid }, system.as(userId))).coverage.gaps;
	expect(await read()).toEqual([{ from: moment(50), to: moment(90), reason: 'device_unlinked' }]);
	await system.publish(deviceChanged({ userId, at: moment(200) }, 'offline'));
	await system.settled();
	expect(await read()).toContainEqual({ from: moment(200), to: null, reason: 'device_offline' });
});
