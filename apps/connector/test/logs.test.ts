import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';
import { formsOf, readSecrets } from './support/secrets.ts';

/**
 * The connector's whole life at the most talkative level: linked both ways, it sends, receives, cannot decrypt, is sent again,
 * renews keys, is refused, crashes, is unlinked. Nothing of what it keeps secret, and nothing that anybody said, is in any log
 * of any service.
 */
const [ana, berta, carla] = ['15550000001', '15550000002', '15550000003'] as const;
const waiting = { timeout: 30_000, interval: 100 };

it('puts no key, no code and nothing that anybody said into any log (complaint 18)', async () => {
	await using net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	const connector = net.system.service('connector');
	const loud = { LOG_LEVEL: 'trace' };
	await connector.stop();
	await connector.start(loud);
	for (const phone of [berta, carla]) await net.phone(phone);

	const person = net.person('ana');
	await person.anywhere.devices.link({ network: 'simulated' }, person.caller());
	const qr = await vi.waitFor(async () => z.string().parse((await person.device()).qr), waiting);
	await admin(net.system, `/admin/mock-phone/scan-qr?phone=${ana}`, qr, { type: 'text/plain' });
	await person.connected();
	const other = net.person('berta');
	await other.anywhere.devices.link({ network: 'simulated', method: 'code', phone: berta }, other.caller());
	const code = await vi.waitFor(async () => z.string().parse((await other.device()).code), waiting);
	await admin(net.system, `/admin/accounts/${berta}/pairing-code`, { code });
	await other.connected();

	const jid = await net.group(ana, 'A private name', [berta, carla]);
	for (const one of [person, other]) await one.holder.groups.star({ jid }, one.caller());
	const received = (messageId: string) =>
		vi.waitFor(() => {
			const events = net
				.eventsOf('message.received', 'ana')
				.filter(({ data }) => data.messageId === messageId);
			expect(events.some(({ data }) => data.kind === 'text')).toBe(true);
		}, waiting);
	const say = async (text: string) =>
		z
			.object({ id: z.string() })
			.parse(await admin(net.system, '/admin/messages', { from: carla, to: jid, text })).id;
	const caller = person.caller();
	const send = (text: string) => person.holder.messages.send({ jid, text }, person.caller());
	await received(await say('Words of Carla'));
	await send('Words of Ana');
	const secrets = [
		...(await readSecrets(net.system, net.db, 'ana')),
		...(await readSecrets(net.system, net.db, 'berta')),
	];

	// A message that cannot be decrypted, until it comes again in a new session: the old one is closed.
	await connector.stop();
	await net.db.deleteFrom('signal_keys').where('kind', '=', 'sender-key').execute();
	await connector.start(loud);
	for (const one of [person, other]) await one.connected();
	await received(await say('Words that come twice'));
	// A renewed key, a refusal, a broken connection, a crash.
	await admin(net.system, `/admin/groups/${jid}/participants`, {
		by: ana,
		action: 'remove',
		phones: [berta],
	});
	await vi.waitFor(() => expect(net.eventsOf('member.left', 'ana')).toHaveLength(1), waiting);
	await send('Words under a new key');
	// As often as it takes: the device may send other messages too, which ask its phone for what it could not read.
	const refusal = { kind: 'error', code: 500, match: { tag: 'message' }, device: ana, count: 99 };
	const { id } = z.object({ id: z.string() }).parse(await admin(net.system, '/admin/faults', refusal));
	await expect(send('Words that are refused')).rejects.toMatchObject({ code: 'whatsapp_refused' });
	await admin(net.system, `/admin/faults/${id}`, undefined, { method: 'DELETE' });
	await admin(net.system, '/admin/faults', { kind: 'drop', device: ana });
	await vi.waitFor(() => send('Words after a break'), waiting);
	await connector.kill();
	const starting = connector.start({ ...loud, CM_CRASH_AT: 'capture.after-publish' });
	const pid = connector.pid();
	await starting;
	await person.connected();
	await received(await say('Words over a crash'));
	await vi.waitFor(() => expect([pid, undefined]).not.toContain(connector.pid()), waiting);
	await vi.waitFor(() => send('Words after a crash'), waiting);
	secrets.push(...(await readSecrets(net.system, net.db, 'ana')));
	await person.anywhere.devices.unlink({}, person.caller());

	const logs = await net.logs();
	expect(logs).toContain('lease taken');
	expect(logs).toContain('connection ended');
	expect(secrets.length).toBeGreaterThan(1_000);
	const qrParts = (qr.split('#')[1] ?? '')
		.split(',')
		.slice(0, 1)
		.concat((qr.split(',')[3] ?? '').slice(0, 40));
	const known = JSON.stringify(net.system.secrets).match(/[\w+/=-]{32,}/g) ?? [];
	const said = ['Words of', 'Words that', 'Words under', 'Words after', 'Words over', 'A private name'];
	for (const text of [
		...known,
		...said,
		...qrParts,
		code,
		caller.signedGrant,
		net.system.emulatorAdminToken,
	]) {
		expect(text.length).toBeGreaterThan(7);
		expect(logs.includes(text), `a log contains ${text.slice(0, 12)}…`).toBe(false);
	}
	const leaked = secrets.filter((secret) => formsOf(secret).some((form) => logs.includes(form)));
	expect(leaked.map((secret) => secret.toString('base64'))).toEqual([]);
}, 180_000);
