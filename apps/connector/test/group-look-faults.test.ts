import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';

/** Questions that fail: nothing was changed, and the error says what is the matter. */
let net: Awaited<ReturnType<typeof startConnectorSystem>>;
let person: ReturnType<typeof net.person>;
let jid: string;
const phone = '15550000001';

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	person = net.person('ana');
	await person.link(phone);
	jid = await net.group(phone, 'Support', []);
	await person.holder.groups.star({ jid }, person.caller());
});
afterAll(() => net[Symbol.asyncDispose]());

const caller = () => person.caller({ deadline: Date.now() + 5_000 });
const looks: Record<string, { child: string; xmlns?: string; act(): Promise<unknown> }> = {
	'list members': { child: 'query', act: () => person.holder.members.list({ jid }, caller()) },
	'list groups': { child: 'participating', act: () => person.holder.groups.list({}, caller()) },
	star: { child: 'query', act: () => person.holder.groups.star({ jid }, caller()) },
	'get the link': { child: 'invite', act: () => person.holder.groups.inviteLink({ jid }, caller()) },
	'find a number': {
		child: 'usync',
		xmlns: 'usync',
		act: () => person.holder.members.add({ jid, members: ['+15559999999'] }, caller()),
	},
};

it.each(
	Object.entries(looks).flatMap(([name, look]) =>
		(
			[
				['a refusal', { kind: 'error', code: 500 }, 'whatsapp_refused'],
				['a conflict', { kind: 'error', code: 409 }, 'whatsapp_refused'],
				['not acceptable', { kind: 'error', code: 406 }, 'whatsapp_refused'],
				['the end of the stream', { kind: 'stream-error', code: 503, moment: 'before' }, 'device_offline'],
			] as const
		).map(([what, fault, code]) => ({ name, look, what, fault, code })),
	),
)('$name after $what: $code', async ({ look: { child, xmlns = 'w:g2', act }, fault, code }) => {
	const match = { tag: 'iq', xmlns, type: 'get', child };
	expect(await meet({ ...fault, match }, act)).toMatchObject({ code });
});

it.each(Object.entries(looks))(
	'%s without an answer: timeout, in our words, before its caller gives up',
	async (_name, { child, xmlns = 'w:g2', act }) => {
		const match = { tag: 'iq', xmlns, type: 'get', child };
		expect(await meet({ kind: 'silence', match }, act)).toMatchObject({
			code: 'timeout',
			message: expect.stringMatching(/^WhatsApp did not answer in time/),
		});
	},
);

it('ends with its caller, though somebody with more time waits for the same answer', async () => {
	await person.connected();
	const match = { tag: 'iq', xmlns: 'w:g2', type: 'get', child: 'query' };
	const fault = { kind: 'delay', delayMs: 3_000, match, device: phone };
	const { id } = Fault.parse(await admin(net.system, '/admin/faults', fault));
	const patient = person.holder.members.list({ jid }, person.caller());
	await expect.poll(() => hitsOf(id)).toBe(1);
	const hasty = person.caller({ deadline: Date.now() + 2_000 });
	await expect(person.holder.members.list({ jid }, hasty)).rejects.toMatchObject({ code: 'timeout' });
	expect(await patient).toMatchObject({ live: true });
});

const Fault = z.object({ id: z.string(), hits: z.number() });
const hitsOf = async (id: string) =>
	z
		.object({ faults: z.array(Fault) })
		.parse(await admin(net.system, '/admin/faults'))
		.faults.find((fault) => fault.id === id)?.hits;

/**
 * What an act ends with that meets the fault. After the end of a connection the device is offline for a moment, and then looks at
 * its groups by itself: where that question met the fault, there is another one for the act.
 */
async function meet(fault: object, act: () => Promise<unknown>): Promise<unknown> {
	await person.connected();
	let id: string | undefined;
	return vi.waitFor(async () => {
		id ??= Fault.parse(await admin(net.system, '/admin/faults', { ...fault, device: phone })).id;
		const thrown = await act().then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(await hitsOf(id)).toBe(1);
		if (thrown === undefined) id = undefined;
		expect(thrown, 'a refusal').toBeDefined();
		return thrown;
	}, waiting);
}

const waiting = { timeout: 20_000, interval: 100 };
