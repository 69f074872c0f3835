import { AppError } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';

/**
 * Sending against every fault of the network: what is answered is so ("sent" arrived, "not sent" did not), and whatever was
 * answered, a repeat with the same key ends with the message at the recipient once.
 */
const reader = '15550000090';
const waiting = { timeout: 30_000, interval: 100 };
let net: Awaited<ReturnType<typeof startConnectorSystem>>;

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	await net.phone(reader);
});
afterAll(() => net?.[Symbol.asyncDispose]());

type Person = ReturnType<typeof net.person>;
type Setting = { person: Person; phone: string; jid: string };

async function linked(phone: string): Promise<Setting> {
	const person = net.person(`user-${phone}`);
	await person.link(phone);
	const jid = await net.group(phone, 'Support', [reader]);
	await person.holder.groups.star({ jid }, person.caller());
	return { person, phone, jid };
}

const Fault = z.object({ id: z.string(), hits: z.number() });
const addFault = async (fault: object) => Fault.parse(await admin(net.system, '/admin/faults', fault));
const hitsOf = async (id: string) =>
	z
		.object({ faults: z.array(Fault) })
		.parse(await admin(net.system, '/admin/faults'))
		.faults.find((fault) => fault.id === id)?.hits;
const Read = z.object({ messages: z.array(z.object({ id: z.string(), text: z.string().nullable() })) });
const shown = async ({ jid }: Setting) =>
	Read.parse(await admin(net.system, `/admin/accounts/${reader}/messages?chat=${jid}`)).messages;

function send({ person, jid }: Setting, text: string, patienceMs = 20_000) {
	const input = { jid, text, idempotencyKey: text.replaceAll(' ', '-') };
	return person.holder.messages.send(input, person.caller({ deadline: Date.now() + patienceMs }));
}

/** What is said of a message: its status, or the code of the error, which has a sentence. */
async function answer(sending: ReturnType<typeof send>) {
	try {
		return { status: (await sending).status };
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		expect(error.code).not.toBe('internal');
		expect(error.message.length).toBeGreaterThan(20);
		return { code: error.code, retryAfterMs: error.retryAfterMs };
	}
}

const message = { tag: 'message' };
/** The first message to a group asks for devices and keys. */
const usync = { tag: 'iq', xmlns: 'usync', type: 'get' };
const keys = { tag: 'iq', xmlns: 'encrypt', type: 'get', child: 'key' };
type Claim = { status: 'sent' | 'unknown' } | { code: string };
/** Whether it is at the recipient after that answer; undefined where nobody can know. */
type Case = [name: string, fault: object, claim: Claim, arrived: boolean | undefined, patienceMs?: number];

const faults: Case[] = [
	[
		'no answer, though it was taken',
		{ kind: 'silence', match: message, handled: true },
		{ status: 'unknown' },
		true,
		4_000,
	],
	[
		'no answer, and it was not taken',
		{ kind: 'silence', match: message },
		{ status: 'unknown' },
		false,
		4_000,
	],
	[
		'a broken connection before it',
		{ kind: 'drop', match: message, moment: 'before' },
		{ status: 'unknown' },
		false,
	],
	[
		'a broken connection after it',
		{ kind: 'drop', match: message, moment: 'after' },
		{ status: 'unknown' },
		true,
	],
	[
		'the end of the stream after it',
		{ kind: 'stream-error', code: 503, match: message, moment: 'after' },
		{ status: 'unknown' },
		true,
	],
	['a late answer', { kind: 'delay', match: message, delayMs: 500 }, { status: 'sent' }, true],
	[
		'the answer twice',
		{ kind: 'duplicate', match: { tag: 'ack', class: 'message' } },
		{ status: 'sent' },
		true,
	],
	['a stale view of the group, 421', { kind: 'error', code: 421, match: message }, { status: 'sent' }, true],
	['a stale view of devices, 479', { kind: 'error', code: 479, match: message }, { status: 'sent' }, true],
	[
		'a stale view that stays, 479',
		{ kind: 'error', code: 479, count: 2, match: message },
		{ code: 'whatsapp_refused' },
		false,
	],
	['a refusal, 500', { kind: 'error', code: 500, match: message }, { code: 'whatsapp_refused' }, false],
	['a refusal, 403', { kind: 'error', code: 403, match: message }, { code: 'not_group_admin' }, false],
	['no word on devices', { kind: 'silence', match: usync }, { status: 'sent' }, true],
	['a refusal of devices', { kind: 'error', code: 500, match: usync }, { code: 'whatsapp_refused' }, false],
	[
		'a broken connection at the devices',
		{ kind: 'drop', match: usync, moment: 'before' },
		{ code: 'device_offline' },
		false,
	],
	['a refusal of keys', { kind: 'error', code: 500, match: keys }, { code: 'whatsapp_refused' }, false],
];

describe.concurrent('sending', () => {
	it.each(faults.map((one, index) => ({ one, phone: `1555020${String(index).padStart(4, '0')}` })))(
		'tells the truth with $one.0, and a repeat sends it once (complaint 5)',
		async ({ one: [, what, claim, arrived, patienceMs], phone }) => {
			const setting = await linked(phone);
			const text = `From ${phone}`;
			const count = async () => (await shown(setting)).filter((one) => one.text === text).length;
			const { id } = await addFault({ ...what, device: phone });
			expect(await answer(send(setting, text, patienceMs))).toMatchObject(claim);
			expect(await hitsOf(id)).toBeGreaterThan(0);
			if (arrived === true) await vi.waitFor(async () => expect(await count()).toBe(1), waiting);
			else if (arrived === false) expect(await count()).toBe(0);
			// Whatever it was, asked for again with its key it is there, once.
			const again = await vi.waitFor(async () => {
				const result = await send(setting, text);
				expect(result.status).toBe('sent');
				return result;
			}, waiting);
			await vi.waitFor(
				async () => expect((await shown(setting)).map((one) => one.text)).toContain(text),
				waiting,
			);
			expect(await count()).toBe(1);
			expect((await shown(setting)).find((one) => one.text === text)?.id).toBe(again.messageId);
		},
	);

	it.each([
		[429, '15550300001', 50_000],
		[463, '15550300002', 500_000],
	])('is not tried again after %i before its time (complaint 3)', async (code, phone, atLeastMs) => {
		const setting = await linked(phone);
		const { id } = await addFault({ kind: 'error', code, match: message, device: phone, count: 99 });
		const first = await answer(send(setting, 'first'));
		expect(first).toMatchObject({ code: 'whatsapp_rate_limited' });
		expect(first.retryAfterMs).toBeGreaterThan(atLeastMs);
		for (const text of ['first', 'second', 'third'])
			expect(await answer(send(setting, text))).toMatchObject({
				code: 'whatsapp_rate_limited',
				retryAfterMs: expect.any(Number),
			});
		expect(await hitsOf(id)).toBe(1);
	});

	it('paces itself, and says when there is room again', async () => {
		const setting = await linked('15550300003');
		const answers = await Promise.all(
			Array.from({ length: 160 }, (_, index) => answer(send(setting, `many ${index}`, 60_000))),
		);
		const refused = answers.filter(({ code }) => code === 'whatsapp_rate_limited');
		expect(refused.length).toBeGreaterThan(0);
		for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeLessThan(61_000);
		expect(answers.filter(({ status }) => status === 'sent').length).toBeGreaterThanOrEqual(120);
	});

	it('by somebody who is no longer in the group, or may not write in it, says which', async () => {
		const setting = await linked('15550300004');
		const { jid, phone } = setting;
		const joined = async (subject: string) => {
			const other = await net.group(reader, subject, [phone]);
			await setting.person.holder.groups.star({ jid: other }, setting.person.caller());
			return { ...setting, jid: other };
		};
		const announced = await joined('Only admins write');
		await admin(
			net.system,
			`/admin/groups/${announced.jid}/settings`,
			{ by: reader, announce: true },
			{ method: 'PUT' },
		);
		expect(await answer(send(announced, 'in announced'))).toMatchObject({ code: 'not_group_admin' });
		const left = await joined('Left');
		await admin(net.system, `/admin/groups/${left.jid}/leave`, { by: phone });
		expect(await answer(send(left, 'in left'))).toMatchObject({ code: 'not_group_member' });
		expect(await answer(send({ ...setting, jid }, 'in own'))).toEqual({ status: 'sent' });
	});

	it('tells what it knows of an earlier call also while the device is offline', async () => {
		const setting = await linked('15550300005');
		const { person, phone } = setting;
		const sent = await send(setting, 'known');
		await addFault({ kind: 'login-failure', code: 503, device: phone, count: 99 });
		await addFault({ kind: 'drop', device: phone });
		await vi.waitFor(async () => expect((await person.device()).state).not.toBe('connected'), waiting);
		expect(await send(setting, 'known')).toEqual(sent);
		expect(await answer(send(setting, 'new'))).toMatchObject({ code: 'device_offline' });
	});
});
