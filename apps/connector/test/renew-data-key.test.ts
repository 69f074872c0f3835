import { createVault } from '@chat-manager/backend';
import { createKeyring, type Database } from '@chat-manager/database';
import { createEnvelope, MasterKeys } from '@chat-manager/service';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wantDevice } from '../src/database/devices.ts';
import { type Lease, LeaseLost, takeLease } from '../src/database/lease.ts';
import { renewDataKey, sealedColumns } from '../src/database/renew-data-key.ts';
import type { Tables } from '../src/database/tables.ts';
import { openCurrentEventKey, readEventKey } from '../src/devices/event-key.ts';
import { createPolls } from '../src/devices/polls.ts';
import { createSecretStore } from '../src/devices/secret-store.ts';
import { createOutbox } from '../src/outbox/outbox.ts';
import { startDevicesDatabase } from './support/devices-database.ts';

const masterKeys = MasterKeys.parse(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
let database: Database<Tables>;

beforeAll(async () => {
	database = await startDevicesDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

/** A vault as each process has one, with a memory of its own. */
function newVault() {
	const envelope = createEnvelope({ masterKeys });
	const keyring = createKeyring({ db: database.db, envelope, service: 'connector' });
	return createVault({ service: 'connector', envelope, keyring });
}

const poll = { chatJid: '12345@g.us', authorJid: '1@lid', messageId: 'poll' };

/** All that the holder of a lease keeps sealed, by the functions that it uses. */
function holdingOf(lease: Lease, vault: ReturnType<typeof newVault>) {
	const { db } = database;
	return {
		secrets: createSecretStore({ db, vault, lease, persist: (write) => write() }),
		polls: createPolls({ db, vault, lease }),
		outbox: createOutbox({
			db,
			vault,
			lease,
			listeners: { onWriting() {}, onAnswered() {}, onUnknown() {}, async onSent() {} },
		}),
		eventKey: () => openCurrentEventKey(db, vault, lease),
	};
}

it('names every column that holds something sealed', async () => {
	const { rows } = await sql<{ column: string }>`
		select table_name || '.' || column_name as column from information_schema.columns
		where table_schema = 'devices' and data_type = 'bytea' and table_name <> 'data_keys'`.execute(
		database.db,
	);
	const named = sealedColumns.map(({ table, column }) => `${table}.${column}`);
	expect(named.sort()).toEqual(rows.map(({ column }) => column).sort());
});

it('seals everything anew with a new key, and fences off who writes with the old one', async () => {
	const { db } = database;
	await wantDevice(db, 'ana', { network: 'simulated', method: 'qr', phone: null });
	const lease = await takeLease(db, { userId: 'ana', owner: 'one', seenEpoch: 0 });
	if (lease === undefined) throw new Error('The first one gets the lease');
	const [one, two] = [newVault(), newVault()];
	const old = holdingOf(lease, one);
	await old.secrets.saveCredentials('credentials');
	const key = (id: string) => ({ kind: 'pre-key', id, json: `key ${id}` });
	await old.secrets.writeKeys({ put: ['1', '2', 'a/b'].map(key), remove: [], digests: [] });
	await old.polls.keep(poll, { secret: Buffer.from('secret'), options: ['yes', 'no'] });
	const { keyId } = await old.eventKey();
	const readKey = () => readEventKey(db, two, { userId: 'ana', keyId });
	const eventKey = await readKey();
	expect(eventKey).toHaveLength(32);
	const send = (outbox: typeof old.outbox) =>
		outbox.run({
			operation: 'messages.send',
			idempotencyKey: 'key',
			args: {},
			prepare: async () => Buffer.from('what is said'),
			perform: async ({ messageId }) => ({ status: 'sent' as const, result: { messageId } }),
		});
	const { messageId } = await send(old.outbox);
	const bytes = async () =>
		(
			await sql<{ value: Buffer }>`
				select value from credentials union all select value from signal_keys
				union all select value from polls union all select value from event_keys
				union all select content from outbox union all select result from outbox`.execute(db)
		).rows.map(({ value }) => value.toString('hex'));
	const before = await bytes();

	expect(await renewDataKey(db, newVault(), 'ana')).toBe(before.length);
	expect((await bytes()).filter((value) => before.includes(value))).toEqual([]);

	await expect(old.secrets.saveCredentials('late')).rejects.toThrow(LeaseLost);
	const next = await takeLease(db, { userId: 'ana', owner: 'two', seenEpoch: lease.epoch + 1 });
	if (next === undefined) throw new Error('Nobody else was there');
	await one.reload('ana'); // As the holder does that takes the lease.
	const held = holdingOf(next, one);
	expect(await held.secrets.loadCredentials()).toBe('credentials');
	const ids = ['1', '2', 'a/b'];
	expect((await held.secrets.readKeys('pre-key', ids)).map(({ json }) => json).sort()).toEqual(
		ids.map((id) => `key ${id}`),
	);
	expect(await held.polls.find(poll)).toEqual({ secret: Buffer.from('secret'), options: ['yes', 'no'] });
	expect((await held.outbox.findContent(messageId))?.toString()).toBe('what is said');
	expect(await send(held.outbox)).toEqual({ messageId });
	// A process that remembers the old key finds out when it opens something.
	expect(await readKey()).toEqual(eventKey);
});
