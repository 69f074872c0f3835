import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin } from './support/connector-system.ts';
import { ana, berta, type StarredGroup, startStarredGroup } from './support/starred-group.ts';

/**
 * A message whose outcome nobody heard of (the connector died over it, the connection broke) is in the record if it was sent,
 * and only then, also when nobody asks for it again.
 */
const waiting = { timeout: 60_000, interval: 50 };
const message = { tag: 'message' };
let net: StarredGroup['net'];
let person: StarredGroup['person'];
let jid: string;

beforeAll(async () => {
	({ net, person, jid } = await startStarredGroup());
});
afterAll(() => net?.[Symbol.asyncDispose]());

const send = (text: string, key: { idempotencyKey?: string } = {}) =>
	person.holder.messages.send({ jid, text, ...key }, person.caller(key));
const Read = z.object({ messages: z.array(z.object({ text: z.string().nullable() }).loose()) });
const bertaReads = async () =>
	Read.parse(await admin(net.system, `/admin/accounts/${berta}/messages?chat=${jid}`)).messages.map(
		({ text }) => text,
	);
const told = () => net.eventsOf('message.sent', 'ana').map(({ data }) => data.messageId);
const entries = () => net.db.selectFrom('outbox').selectAll().orderBy('created_at').execute();
const lastEntry = async () => (await entries()).at(-1) ?? expect.fail('nothing was sent');

const Fault = z.object({ id: z.string(), hits: z.number() });
/** Answers how often it has worked so far, and how to take it back. */
async function fault(what: object) {
	const { id } = Fault.parse(await admin(net.system, '/admin/faults', { ...what, device: ana }));
	const hits = async () =>
		z
			.object({ faults: z.array(Fault) })
			.parse(await admin(net.system, '/admin/faults'))
			.faults.find((one) => one.id === id)?.hits ?? 0;
	return { hits, remove: () => admin(net.system, `/admin/faults/${id}`, undefined, { method: 'DELETE' }) };
}

/** The connector dies when it has written the message, and before it hears of it. */
async function dieOver(text: string, { handled }: { handled: boolean }): Promise<string> {
	// Without the answer, and with every other sign left at WhatsApp until the device logs in again, it hears nothing.
	const answer = await fault({ kind: 'silence', match: message, handled });
	const signs = await fault({ kind: 'lose', match: { tag: 'receipt' }, count: 100 });
	void send(text).catch(() => {}); // Nobody is left to answer it.
	await vi.waitFor(async () => expect(await answer.hits()).toBe(1), waiting);
	if (handled) await vi.waitFor(async () => expect(await bertaReads()).toContain(text), waiting);
	const connector = net.system.service('connector');
	await connector.kill();
	expect(await lastEntry()).toMatchObject({ status: 'pending', unrecorded: expect.any(Buffer) });
	await signs.remove();
	await connector.start();
	await vi.waitFor(async () => expect((await person.device()).state).toBe('connected'), waiting);
	return (await lastEntry()).message_id;
}

it('records what was sent when the connector died over it', async () => {
	const id = await dieOver('Taken', { handled: true });
	await vi.waitFor(() => expect(told()).toContain(id), waiting);
	await vi.waitFor(
		async () => expect(await lastEntry()).toMatchObject({ status: 'sent', unrecorded: null }),
		waiting,
	);
});

it('does not record what never came to WhatsApp', async () => {
	const id = await dieOver('Not taken', { handled: false });
	const after = await send('After it');
	await vi.waitFor(() => expect(told()).toContain(after.messageId), waiting);
	expect(told()).not.toContain(id);
	expect(await bertaReads()).not.toContain('Not taken');
	const entry = (await entries()).find(({ message_id }) => message_id === id);
	expect(entry).toMatchObject({ status: 'pending', unrecorded: expect.any(Buffer) });
});

it('records what was sent when the connection broke over it, as soon as somebody confirms it', async () => {
	await fault({ kind: 'drop', match: message, moment: 'after' });
	const options = { idempotencyKey: 'broken-off' };
	const { messageId, status } = await send('Broken off', options);
	expect(status).toBe('unknown');
	await vi.waitFor(() => expect(told()).toContain(messageId), waiting);
	await vi.waitFor(async () => expect((await lastEntry()).unrecorded).toBeNull(), waiting);
	// What was answered before is not the answer any more.
	expect(await send('Broken off', options)).toMatchObject({ messageId, status: 'sent' });
});

it('answers a repeat by what came to be known, and does not send it again', async () => {
	const { hits } = await fault({ kind: 'silence', match: message, handled: true });
	const options = { idempotencyKey: 'confirmed-later' };
	const { messageId, status } = await send('No answer', options);
	expect([status, await hits()]).toEqual(['unknown', 1]);
	await vi.waitFor(async () => expect((await lastEntry()).unrecorded).toBeNull(), waiting);
	const again = await fault({ kind: 'delay', delayMs: 1, match: message });
	expect(await send('No answer', options)).toMatchObject({ messageId, status: 'sent' });
	expect(await again.hits()).toBe(0);
	// Stored in the stream before its entry is settled; it reaches this test a moment later.
	await vi.waitFor(() => expect(told()).toContain(messageId), waiting);
	expect(told().filter((id) => id === messageId)).toHaveLength(1);
});

it('tells what it alone heard, though NATS was away and another had the device by then', async () => {
	await fault({ kind: 'lose', match: { tag: 'receipt' }, count: 100 }); // No other sign.
	// It has heard that the message was taken, and is about to write that down, when all of it goes.
	await net.overUnsettledEntry(
		async () => void send('Heard by one alone').catch(() => {}), // The answer is lost with NATS.
		() => Promise.all([net.takeAway('ana'), net.system.servers.nats?.kill()]),
	);
	const { message_id: id } = await lastEntry();
	const couldNot = new RegExp(`${id}.*could not be recorded yet`);
	await vi.waitFor(async () => expect(await net.logs()).toMatch(couldNot), waiting);
	await net.system.servers.nats?.restart();
	await vi.waitFor(() => expect(told()).toContain(id), waiting);
});
