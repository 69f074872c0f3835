import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';

const Devices = z.object({ devices: z.array(z.object({ jid: z.string(), online: z.boolean() })) });
const people = ['ana', 'berta', 'carla', 'dora'].map((userId, index) => ({
	userId,
	phone: `1555000000${index + 1}`,
}));

it('hands users over when a connector is killed, and shares them when two are there', async () => {
	await using net = await startConnectorSystem(['emulator', 'connector'], { connectors: 2 });
	const persons = people.map(({ userId }) => net.person(userId));
	for (const [index, person] of persons.entries()) await person.link(people[index]?.phone ?? '');
	const owners = await net.owners();
	expect(new Set(owners.values())).toEqual(new Set(['connector-1', 'connector-2']));

	await net.system.service('connector-2').kill();
	await vi.waitFor(
		async () => expect(new Set((await net.owners()).values())).toEqual(new Set(['connector-1'])),
		waiting,
	);
	for (const person of persons) await person.connected();
	for (const person of persons)
		expect((await person.holder.groups.list({}, person.caller())).groups).toEqual([]);
	await vi.waitFor(async () => {
		const { devices } = Devices.parse(await admin(net.system, '/admin/devices'));
		expect(devices.filter(({ online }) => online)).toHaveLength(people.length);
	}, waiting);
});

it('is linked again after every kind of end, without a new QR code (complaint 10)', async () => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link('15550000001');
	const connector = net.system.service('connector');
	const works = () =>
		vi.waitFor(async () => {
			await person.holder.groups.list({}, person.caller());
			expect(await person.device()).toMatchObject({ state: 'connected', phone: '+15550000001', qr: null });
		}, waiting);
	await connector.kill();
	await expect(person.holder.groups.list({}, person.caller())).rejects.toMatchObject({
		code: 'device_offline',
	});
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
