import { createLinkedUsers } from '@chat-manager/dev-env';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { importDevices } from '../src/devices/import-devices.ts';
import { placeUser } from '../src/fleet/rendezvous.ts';
import { admin, startConnectorSystem } from './support/connector-system.ts';

/**
 * Many users on several connectors: one is killed, one joins, one is frozen and wakes, one is drained. At every moment a user
 * has at most one live session, as the network saw it: a session that is *replaced* was still live when another one of the
 * same device logged in. That happens to those of the frozen connector, once each, and to nobody else.
 */
const userCount = 200;
const waiting = { timeout: 60_000, interval: 100 };
const Sessions = z.object({
	sessions: z.array(z.object({ jid: z.string(), end: z.enum(['closed', 'replaced']).nullable() })),
});
const Devices = z.object({ devices: z.array(z.object({ jid: z.string(), online: z.boolean() })) });
const Read = z.object({ messages: z.array(z.object({ id: z.string(), text: z.string().nullish() })) });

it(`keeps ${userCount} users online, each with one session, whatever happens to a connector`, async () => {
	await using net = await startConnectorSystem(['emulator', 'connector'], { connectors: 4 });
	const connector = (number: number) =>
		net.system.service(number === 1 ? 'connector' : `connector-${number}`);
	await connector(4).kill();
	const friend = '15550000099';
	await net.phone(friend);
	const jid = await net.group(friend, 'Friends', []);
	const users = await createLinkedUsers(net.system, importDevices, { count: userCount - 1, preKeys: 8 });
	const members = await createLinkedUsers(net.system, importDevices, { count: 1, preKeys: 8, groups: [jid] });

	const ownedBy = async (number: number) =>
		[...(await net.owners())]
			.filter(([, owner]) => owner === `connector-${number}`)
			.map(([userId]) => userId);
	/** Everybody is online, and where rendezvous hashing over these connectors puts them. */
	const allOnline = (...numbers: number[]) =>
		vi.waitFor(async () => {
			const { devices } = Devices.parse(await admin(net.system, '/admin/devices'));
			expect(devices.filter(({ online }) => online)).toHaveLength(userCount);
			const ids = numbers.map((number) => `connector-${number}`);
			const misplaced = [...(await net.owners())].filter(
				([userId, owner]) => owner !== placeUser(userId, ids),
			);
			expect(misplaced).toEqual([]);
		}, waiting);
	const replaced = async () =>
		Sessions.parse(await admin(net.system, '/admin/sessions'))
			.sessions.filter(({ end }) => end === 'replaced')
			.map((session) => session.jid)
			.sort();
	const friendReads = async () =>
		Read.parse(await admin(net.system, `/admin/accounts/${friend}/messages?chat=${jid}`)).messages.map(
			({ text }) => text,
		);

	await allOnline(1, 2, 3);
	for (const number of [1, 2, 3]) expect((await ownedBy(number)).length).toBeGreaterThan(userCount / 6);

	await connector(1).kill();
	await allOnline(2, 3);
	expect(await replaced()).toEqual([]);

	// One joins: a share of the users moves to it, and nobody else.
	const before = await net.owners();
	await connector(4).start();
	await allOnline(2, 3, 4);
	for (const [userId, owner] of await net.owners())
		expect([before.get(userId), 'connector-4']).toContain(owner);
	expect(await replaced()).toEqual([]);

	// One is frozen over a send, and asked for another meanwhile.
	const person = net.person(members[0]?.userId ?? '');
	await person.holder.groups.star({ jid }, person.caller());
	const owner = (await net.owners()).get(person.userId) ?? '';
	const frozen = Number(owner.split('-')[1]);
	const others = [2, 3, 4].filter((number) => number !== frozen);
	const jidsOf = (userIds: string[]) =>
		[...users, ...members].filter(({ userId }) => userIds.includes(userId)).map((user) => user.jid);
	const ofFrozen = jidsOf(await ownedBy(frozen)).sort();
	const send = (text: string, key: string) =>
		person.holder.messages.send(
			{ jid, text, idempotencyKey: key },
			person.caller({ idempotencyKey: key, deadline: Date.now() + 60_000 }),
		);
	const underWay = send('under way', 'under-way').catch((error: unknown) => error);
	connector(frozen).freeze();
	const asked = send('asked while frozen', 'while-frozen').catch((error: unknown) => error);
	await allOnline(...others);
	// The network takes the frozen sessions for live until each new owner has logged in.
	await vi.waitFor(async () => expect(await replaced()).toEqual(ofFrozen), waiting);
	// As a careful caller would: the same once more, with its key.
	await vi.waitFor(() => send('under way', 'under-way'), waiting);
	connector(frozen).wake();
	expect(await asked).toMatchObject({
		code: expect.stringMatching(/device_offline|outcome_unknown|timeout/),
	});
	await underWay;
	// It is back when it holds users again; whatever it had to say on waking has been said by then.
	await allOnline(2, 3, 4);
	expect(await replaced()).toEqual(ofFrozen);
	await vi.waitFor(() => send('the last word', 'last'), waiting);
	await vi.waitFor(async () => expect(await friendReads()).toContain('the last word'), waiting);
	expect(await friendReads()).toEqual(['under way', 'the last word']);
	expect(await net.outboxKeys(person.userId)).toEqual(['under-way', 'last']);
	expect((await net.states()).filter((state) => state !== 'connected')).toEqual([]);

	const leaving = others.includes(3) ? 3 : 2;
	const staying = [2, 3, 4].filter((number) => number !== leaving);
	await connector(leaving).stop();
	await allOnline(...staying);
	expect(await replaced()).toEqual(ofFrozen);
	await Promise.all(staying.map((number) => connector(number).kill()));
}, 240_000);
