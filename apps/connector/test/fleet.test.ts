import { createLinkedUsers } from '@chat-manager/dev-env';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { importDevices } from '../src/devices/import-devices.ts';
import { admin, startConnectorSystem } from './support/connector-system.ts';

const Devices = z.object({ devices: z.array(z.object({ jid: z.string(), online: z.boolean() })) });

it('is linked again after every kind of end, without a new QR code (complaint 10)', async () => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link('15550000001');
	const connector = net.system.service('connector');
	const shortly = () => person.caller({ deadline: Date.now() + 2_000 });
	const works = () =>
		vi.waitFor(async () => {
			await person.holder.groups.list({}, person.caller());
			expect(await person.device()).toMatchObject({ state: 'connected', phone: '+15550000001', qr: null });
		}, waiting);
	await connector.kill();
	// NATS may still take the connection of the dead one for open: what is asked then gets no answer at all.
	await expect
		.poll(() => person.holder.groups.list({}, shortly()).catch((error: unknown) => error), waiting)
		.toMatchObject({ code: 'device_offline' });
	await connector.start();
	await works();
	await connector.stop();
	await connector.start();
	await works();
	await net.system.servers.nats?.kill();
	await net.system.servers.nats?.restart();
	await works();
	await net.system.servers.postgres?.kill();
	await net.system.servers.postgres?.restart();
	await works();
	await net.system.service('emulator').kill();
	await net.system.service('emulator').start();
	await works();
});

it('does nothing in the name of a lease that it lost, its open socket notwithstanding', async () => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link('15550000001');
	await net.phone('15550000002');
	const jid = await net.group('15550000001', 'Support', ['15550000002']);
	await person.holder.groups.star({ jid }, person.caller());
	const send = (text: string) =>
		person.holder.messages.send({ jid, text }, person.caller({ deadline: Date.now() + 60_000 }));
	await send('while it is ours');
	// It is about to write when the lease goes, so that it cannot have noticed before.
	const refused = await net.takeAwayOver('ana', () =>
		send('in the name of a lost lease').catch((error: unknown) => error),
	);
	expect(refused).toMatchObject({ code: 'device_offline' });
	// It finds out by itself, gives the socket up, and takes the lease anew: nobody alive has it.
	await vi.waitFor(() => send('ours again'), waiting);
	const Shown = z.object({ messages: z.array(z.object({ text: z.string().nullish() })) });
	const texts = async () =>
		Shown.parse(await admin(net.system, `/admin/accounts/15550000002/messages?chat=${jid}`)).messages.map(
			({ text }) => text,
		);
	await vi.waitFor(async () => expect(await texts()).toContain('ours again'), waiting);
	expect(await texts()).toEqual(['while it is ours', 'ours again']);
});

it('comes back when the store of NATS was wiped', async () => {
	await using net = await startConnectorSystem(['emulator', 'connector'], { connectors: 2 });
	const [ana, berta] = [net.person('ana'), net.person('berta')];
	await ana.link('15550000001');
	await berta.link('15550000002');
	await net.wipeNats();
	await net.system.service('connector-2').kill();
	// Who does not hear itself must not take the other for dead, and has to notice when it is.
	await vi.waitFor(
		async () => expect(new Set((await net.owners()).values())).toEqual(new Set(['connector-1'])),
		waiting,
	);
	await vi.waitFor(async () => {
		await ana.holder.groups.list({}, ana.caller());
		await berta.holder.groups.list({}, berta.caller());
	}, waiting);
});

it('holds no more users than it may; who waits gets the place of who leaves', async () => {
	await using net = await startConnectorSystem(['emulator', 'connector'], { connectors: 2 });
	const connectors = [net.system.service('connector'), net.system.service('connector-2')];
	await Promise.all(connectors.map((connector) => connector.kill()));
	await Promise.all(connectors.map((connector) => connector.start({ CM_MAX_USERS: '2' })));
	const users = await createLinkedUsers(net.system, importDevices, { count: 5, preKeys: 8 });
	const held = async () => [...(await net.owners())].flatMap(([userId, owner]) => (owner ? [userId] : []));
	await vi.waitFor(async () => expect((await net.states()).sort()).toEqual(waitingIsOne), waiting);
	expect([...(await net.owners()).values()].sort()).toEqual([
		'connector-1',
		'connector-1',
		'connector-2',
		'connector-2',
		null,
	]);
	const [leaving = ''] = await held();
	await net.person(leaving).anywhere.devices.unlink({}, net.person(leaving).caller());
	await vi.waitFor(async () => {
		const everybody = users.map(({ userId }) => userId);
		expect((await held()).sort()).toEqual(everybody.filter((userId) => userId !== leaving).sort());
	}, waiting);
});

const waitingIsOne = ['connected', 'connected', 'connected', 'connected', 'connecting'];

it('unlinks: the credentials are gone, the phone knows it, and another device can be linked', async () => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link('15550000001');
	await expect(person.anywhere.devices.link({ network: 'simulated' }, person.caller())).rejects.toMatchObject(
		{
			code: 'already_linked',
		},
	);
	expect(await person.anywhere.devices.unlink({}, person.caller())).toMatchObject({
		state: 'unlinked',
		phone: null,
	});
	await vi.waitFor(async () => {
		expect(Devices.parse(await admin(net.system, '/admin/devices')).devices).toEqual([]);
	}, waiting);
	await expect(person.holder.groups.list({}, person.caller())).rejects.toMatchObject({
		code: 'device_offline',
	});
	await person.link('15550000002');
	expect(await person.device()).toMatchObject({ state: 'connected', phone: '+15550000002' });
});

it('says that the device was removed on the phone', async () => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link('15550000001');
	const { devices } = Devices.parse(await admin(net.system, '/admin/devices'));
	await admin(net.system, `/admin/devices/${devices[0]?.jid}`, undefined, { method: 'DELETE' });
	await vi.waitFor(async () => expect((await person.device()).state).toBe('logged_out'), waiting);
	await person.link('15550000001');
});

const waiting = { timeout: 40_000, interval: 100 };
