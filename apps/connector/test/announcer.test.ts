import type { Database } from '@chat-manager/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Publish } from '../src/context.ts';
import { changeDevice, findDevice, unwantDevice, wantDevice } from '../src/database/devices.ts';
import { type Lease, LeaseLost, takeLease } from '../src/database/lease.ts';
import type { Tables } from '../src/database/tables.ts';
import { announce } from '../src/devices/announcer.ts';
import { startDevicesDatabase } from './support/devices-database.ts';

let database: Database<Tables>;
beforeAll(async () => {
	database = await startDevicesDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

const connected = { state: 'connected', reason: null, at: 1_000 } as const;

describe('a device that is no longer held when the event about it is out', () => {
	it('is told as unlinked, also when whoever unlinked it found it untold', async () => {
		const { db } = database;
		const lease = await held('unlinked');
		const { told, publish } = listen(async (count) => {
			if (count !== 1) return;
			await unwantDevice(db, 'unlinked');
			const epoch = Number((await findDevice(db, 'unlinked'))?.epoch);
			const unlinked = { state: 'unlinked', reason: 'unlinked_here', at: 2_000 } as const;
			await announce({ db, lease: { userId: 'unlinked', epoch }, publish }, 'ended', unlinked);
		});
		await announce({ db, lease, publish }, 'connected', connected);
		expect(told).toEqual(['device.connected connected', 'device.disconnected unlinked']);
		expect(await findDevice(db, 'unlinked')).toMatchObject({ announced: 'ended' });
	});

	it('is told as connected again, when it was told as away too late', async () => {
		const { db } = database;
		const lease = await held('moved');
		const other: Lease = { userId: 'moved', epoch: lease.epoch + 1 };
		const { told, publish } = listen(async (count) => {
			if (count !== 2) return;
			await takeLease(db, { userId: 'moved', owner: 'other', seenEpoch: lease.epoch });
			await changeDevice(db, other, { state: 'connected' });
			await announce({ db, lease: other, publish }, 'connected', { ...connected, at: 3_000 });
		});
		await announce({ db, lease, publish }, 'connected', connected);
		await announce({ db, lease, publish }, 'away', { state: 'reconnecting', reason: null, at: 2_000 });
		expect(told).toEqual([
			'device.connected connected',
			'device.disconnected reconnecting',
			'device.connected connected',
		]);
		expect(await findDevice(db, 'moved')).toMatchObject({ announced: 'connected' });
	});

	it('is told by the next holder alone, when the former had not told anything', async () => {
		const { db } = database;
		const lease = await held('taken');
		await takeLease(db, { userId: 'taken', owner: 'other', seenEpoch: lease.epoch });
		const { told, publish } = listen();
		await expect(announce({ db, lease, publish }, 'connected', connected)).rejects.toBeInstanceOf(LeaseLost);
		expect(told).toEqual([]);
	});
});

async function held(userId: string): Promise<Lease> {
	await wantDevice(database.db, userId, { network: 'simulated', method: 'qr', phone: null });
	const lease = await takeLease(database.db, { userId, owner: 'one', seenEpoch: 0 });
	if (lease === undefined) throw new Error('The first one gets the lease');
	return lease;
}

/** What subscribers hear; `meanwhile` happens between the event and the note of it. */
function listen(meanwhile: (count: number) => Promise<void> = async () => {}) {
	const told: string[] = [];
	const publish: Publish = async (event) => {
		const data = 'data' in event ? event.data : {};
		told.push(`${event.type} ${'state' in data ? data.state : ''}`);
		await meanwhile(told.length);
	};
	return { told, publish };
}
