import { afterAll, beforeAll, expect, it } from 'vitest';
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

const countEndings = () => net.eventsOf('device.disconnected', 'ana').length;
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
	await person.connected();
	const match = { tag: 'iq', xmlns, type: 'get', child };
	await admin(net.system, '/admin/faults', { ...fault, match, device: phone });
	const endings = countEndings();
	await expect(act()).rejects.toMatchObject({ code });
	// The state of the device is written a moment after its connection has ended.
	if (code === 'device_offline') await expect.poll(countEndings).toBeGreaterThan(endings);
});

it.each(Object.entries(looks))(
	'%s without an answer: timeout',
	async (_name, { child, xmlns = 'w:g2', act }) => {
		await person.connected();
		const match = { tag: 'iq', xmlns, type: 'get', child };
		await admin(net.system, '/admin/faults', { kind: 'silence', match, device: phone });
		await expect(act()).rejects.toMatchObject({ code: 'timeout' });
	},
);
