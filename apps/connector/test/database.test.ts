import type { Database } from '@chat-manager/database';
import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	changeDevice,
	findDevice,
	findLost,
	forgetDevice,
	listUnheld,
	noteAnnounced,
	unwantDevice,
	wantDevice,
} from '../src/database/devices.ts';
import { findGroupRecord, saveGroupRecord } from '../src/database/group-records.ts';
import { type Lease, LeaseLost, releaseLease, takeLease } from '../src/database/lease.ts';
import { findLidPhones, saveLidPhones } from '../src/database/lid-phones.ts';
import { addToOutbox, settleOutbox } from '../src/database/outbox.ts';
import { findPoll, savePoll } from '../src/database/polls.ts';
import { prune } from '../src/database/prune.ts';
import { findCredentials, findKeys, hasDigest, saveCredentials, writeKeys } from '../src/database/secrets.ts';
import { changeStar, listStarred } from '../src/database/starred-groups.ts';
import type { Tables } from '../src/database/tables.ts';
import { startSweep } from '../src/sweep.ts';
import { startDevicesDatabase } from './support/devices-database.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let database: Database<Tables>;

beforeAll(async () => {
	database = await startDevicesDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

const wanted = { network: 'simulated', method: 'qr', phone: null } as const;
let users = 0;
async function leased(owner = 'one'): Promise<Lease> {
	const userId = `user-${++users}`;
	await wantDevice(database.db, userId, wanted);
	const lease = await takeLease(database.db, { userId, owner, seenEpoch: 0 });
	if (lease === undefined) throw new Error('The first one gets the lease');
	return lease;
}

it('gives a lease to one of many that try at once', async () => {
	await wantDevice(database.db, 'contested', wanted);
	const tries = ['a', 'b', 'c', 'd'].map((owner) =>
		takeLease(database.db, { userId: 'contested', owner, seenEpoch: 0 }),
	);
	expect((await Promise.all(tries)).filter((lease) => lease !== undefined)).toHaveLength(1);
});

it('refuses every write of a former holder, and leaves what the new one wrote', async () => {
	const { db } = database;
	const old = await leased();
	await saveCredentials(db, old, Buffer.from('old'));
	await changeDevice(db, old, { state: 'connected' });
	const lease = await takeLease(db, { userId: old.userId, owner: 'two', seenEpoch: old.epoch });
	if (lease === undefined) throw new Error('The takeover must succeed');
	expect(await findDevice(db, old.userId)).toMatchObject({ owner: 'two', state: 'reconnecting' });
	await saveCredentials(db, lease, Buffer.from('new'));
	await writeKeys(db, lease, {
		put: [{ kind: 'session', id: 's', value: Buffer.from('new') }],
		remove: [],
		digests: ['d'],
	});
	expect(await addToOutbox(db, lease, outboxEntry('new'))).toMatchObject({ isNew: true });
	const poll = { chatJid: '12345@g.us', authorJid: '1@lid', messageId: 'poll' };
	const pair = { lid: '1@lid', phone: '+15550000001' };

	const late = [
		() => saveCredentials(db, old, Buffer.from('late')),
		() =>
			writeKeys(db, old, {
				put: [{ kind: 'session', id: 's', value: Buffer.from('late') }],
				remove: [],
				digests: [],
			}),
		() => writeKeys(db, old, { put: [], remove: [{ kind: 'session', id: 's' }], digests: ['late'] }),
		() => changeDevice(db, old, { state: 'logged_out' }),
		() => forgetDevice(db, old, { state: 'logged_out', reason: null }),
		() => addToOutbox(db, old, outboxEntry('late')),
		() => settleOutbox(db, old, { messageId: 'new', status: 'not_sent', result: null, unrecorded: null }),
		() => saveGroupRecord(db, old, { jid: '12345@g.us', value: Buffer.from('late'), readAt: new Date() }),
		() => savePoll(db, old, { ...poll, value: Buffer.from('late') }),
	];
	for (const write of late) await expect(write()).rejects.toThrow(LeaseLost);
	await saveLidPhones(db, old, { pairs: [pair], source: 'notice', at: new Date() });
	expect(await findLidPhones(db, old.userId, { lids: [pair.lid], phones: [] })).toEqual([]);
	const outbox = await db
		.selectFrom('outbox')
		.select(['message_id', 'status'])
		.where('user_id', '=', old.userId)
		.execute();
	expect(outbox).toEqual([{ message_id: 'new', status: 'pending' }]);
	expect(await findGroupRecord(db, old.userId, '12345@g.us')).toBeUndefined();
	expect(await findPoll(db, old.userId, poll)).toBeUndefined();
	await releaseLease(db, old);
	expect((await findCredentials(db, old.userId))?.toString()).toBe('new');
	const keys = await findKeys(db, { userId: old.userId, kind: 'session', ids: ['s', 'missing'] });
	expect(keys.map(({ id, value }) => [id, value.toString()])).toEqual([['s', 'new']]);
	expect(await hasDigest(db, old.userId, 'd')).toBe(true);
	expect(await hasDigest(db, old.userId, 'late')).toBe(false);
	expect(await findDevice(db, old.userId)).toMatchObject({ owner: 'two' });
});

const outboxEntry = (id: string) => ({
	message_id: id,
	operation: 'messages.send',
	idempotency_key: null,
	arguments_digest: 'digest',
	content: null,
	unrecorded: null,
});

it('finds whom nobody alive holds, and which leases are lost', async () => {
	const { db } = database;
	const [mine, dead, alive] = [await leased('me'), await leased('dead'), await leased('alive')];
	await wantDevice(db, 'nobody', { network: 'simulated', method: 'qr', phone: null });
	const unheld = await listUnheld(db, ['alive', 'one', 'two']);
	const ofTest = unheld.filter(({ userId }) =>
		[mine.userId, dead.userId, alive.userId, 'nobody'].includes(userId),
	);
	expect(new Map(ofTest.map(({ userId, owner, epoch }) => [userId, [owner, epoch]]))).toEqual(
		new Map([
			[mine.userId, ['me', 1]],
			[dead.userId, ['dead', 1]],
			['nobody', [null, 0]],
		]),
	);
	expect(await findLost(db, [mine, dead, alive])).toEqual([]);
	await takeLease(db, { userId: dead.userId, owner: 'me', seenEpoch: dead.epoch });
	await unwantDevice(db, alive.userId);
	expect((await findLost(db, [mine, dead, alive])).sort()).toEqual([dead.userId, alive.userId].sort());
	expect(await findLost(db, [])).toEqual([]);
});

it('fences off who still holds an earlier device of the user', async () => {
	const { db } = database;
	const lease = await leased();
	await wantDevice(db, lease.userId, { network: 'whatsapp', method: 'qr', phone: null });
	await expect(saveCredentials(db, lease, Buffer.from('of the earlier one'))).rejects.toThrow(LeaseLost);
	expect(await findDevice(db, lease.userId)).toMatchObject({ owner: null, network: 'whatsapp' });
});

it('writes the changes of one key transaction together, deletions included', async () => {
	const { db } = database;
	const lease = await leased();
	const key = (id: string) => ({ kind: 'pre-key', id, value: Buffer.from(id) });
	await writeKeys(db, lease, { put: [key('1'), key('2')], remove: [], digests: [] });
	await writeKeys(db, lease, {
		put: [key('3')],
		remove: [{ kind: 'pre-key', id: '1' }],
		digests: ['x', 'x'],
	});
	const left = await findKeys(db, { userId: lease.userId, kind: 'pre-key', ids: ['1', '2', '3'] });
	expect(left.map(({ id }) => id).sort()).toEqual(['2', '3']);
});

it('takes the newest word on a star, in whatever order it comes', async () => {
	const { db } = database;
	const change = (starred: boolean, second: number) =>
		changeStar(db, { userId: 'stars', jid: '12345@g.us', starred, at: new Date(second * 1000) });
	expect(await change(true, 10)).toBe(true);
	expect(await change(false, 5)).toBe(false);
	expect(await listStarred(db, 'stars')).toHaveLength(1);
	expect(await change(false, 20)).toBe(true);
	expect(await change(true, 15)).toBe(false);
	expect(await listStarred(db, 'stars')).toEqual([]);
});

it.each([
	{ hours: 24, days: 14 },
	{ hours: 72, days: 20 },
])(
	'frees idempotency keys after $hours hours, forgets messages after $days days, and digests when nobody can ask for them',
	async ({ hours, days }) => {
		const { db } = database;
		const lease = await leased();
		const entry = {
			operation: 'messages.send',
			idempotency_key: 'key',
			arguments_digest: 'digest',
			content: Buffer.from('sealed'),
			unrecorded: null,
		};
		await addToOutbox(db, lease, { ...entry, message_id: 'first' });
		expect(await addToOutbox(db, lease, { ...entry, message_id: 'again' })).toMatchObject({
			isNew: false,
			entry: { message_id: 'first' },
		});
		await writeKeys(db, lease, { put: [], remove: [], digests: ['old'] });
		const hour = 3_600_000;
		const startMs = Date.now();
		const keeping = { idempotencyMs: hours * hour, outboxMs: days * 24 * hour };
		const pruneAfter = (passedHours: number) => prune(db, startMs + passedHours * hour, keeping);
		const ids = async () => {
			const rows = await db
				.selectFrom('outbox')
				.select(['message_id', 'idempotency_key'])
				.where('user_id', '=', lease.userId)
				.execute();
			return rows.map(({ message_id, idempotency_key }) => [message_id, idempotency_key]);
		};
		await pruneAfter(hours - 1);
		expect(await ids()).toEqual([['first', 'key']]);
		await pruneAfter(hours + 2);
		expect(await ids()).toEqual([['first', null]]);
		expect(await addToOutbox(db, lease, { ...entry, message_id: 'next day' })).toMatchObject({ isNew: true });
		await pruneAfter((days + 1) * 24);
		expect(await ids()).toEqual([]);
		expect(await hasDigest(db, lease.userId, 'old')).toBe(true);
		await pruneAfter(36 * 24);
		expect(await hasDigest(db, lease.userId, 'old')).toBe(false);
	},
);

it('sweeps at the start and once an hour, and tells then what could not be told before', async () => {
	const { db } = database;
	const lease = await leased();
	await writeKeys(db, lease, { put: [], remove: [], digests: ['old'] });
	const untold = { announced: null, announced_at: null };
	await noteAnnounced(db, lease.userId, untold, { announced: 'connected', at: new Date() });
	await forgetDevice(db, lease, { state: 'logged_out', reason: 'removed_on_phone' });
	const clock = createManualClock(Date.now() + 36 * 24 * 3_600_000);
	const told: string[] = [];
	let isBusAway = true;
	let failures = 0;
	using _sweep = startSweep({
		db,
		publish: async ({ type, userId }) => {
			if (isBusAway) throw new Error('The bus is away');
			told.push(`${type} ${userId}`);
		},
		clock,
		logger: { ...silent, warn: () => failures++ } as never,
		erasure: { sweep: async () => undefined },
		keeping: { idempotencyMs: 1, outboxMs: 1 },
	});
	clock.advance(0);
	await expect.poll(() => failures).toBe(1);
	await expect.poll(() => hasDigest(db, lease.userId, 'old')).toBe(false);
	isBusAway = false;
	clock.advance(3_600_000);
	await expect.poll(() => told).toEqual([`device.disconnected ${lease.userId}`]);
});
