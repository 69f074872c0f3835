import {
	createCipheriv,
	createDecipheriv,
	createSecretKey,
	generateKeySync,
	type KeyObject,
} from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	createKeyring,
	type Database,
	dataKeysMigration,
	type Keyring,
	type KeyWrapping,
	migrate,
} from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());

test('two processes that need a new key at once get the same one', async () => {
	await using one = await open('race');
	await using two = await open('race');
	const users = Array.from({ length: 20 }, (_, index) => `u${index}`);
	const [ours, theirs] = [ring(one), ring(two)];
	const keys = await Promise.all(
		users.map((user) => Promise.all([ours.get(user), theirs.get(user), ours.get(user)])),
	);
	for (const [a, b, c] of keys) expect([a?.equals(b as KeyObject), a === c]).toEqual([true, true]);
	expect(new Set(keys.map(([a]) => a?.export().toString('hex'))).size).toBe(users.length);
});

test('a key is read once and then remembered, for the users that came last', async () => {
	await using database = await open('cache');
	const keyring = ring(database, { maxCached: 2 });
	const first = await keyring.get('u1');
	await keyring.get('u2');
	expect(await keyring.get('u1')).toBe(first);
	await keyring.get('u3');
	await sql`delete from data_keys`.execute(database.db);
	expect(await keyring.get('u1')).toBe(first);
	expect((await keyring.get('u2')).equals(first)).toBe(false);
});

test('a destroyed key is gone, for another process as soon as it forgets', async () => {
	await using database = await open('destroy');
	const [ours, theirs] = [ring(database), ring(database)];
	const key = await ours.get('u1');
	await theirs.get('u1');
	await ours.destroy('u1');
	theirs.forget('u1');
	const [next, same] = await Promise.all([ours.get('u1'), theirs.get('u1')]);
	expect([next.equals(key), next.equals(same)]).toEqual([false, true]);
});

test('a row copied to another user or service does not unwrap, and the failure is not remembered', async () => {
	await using database = await open('moved');
	const key = await ring(database).get('u1');
	await sql`insert into data_keys (user_id, wrapped) select 'u2', wrapped from data_keys`.execute(
		database.db,
	);
	const keyring = ring(database);
	await expect(keyring.get('u2')).rejects.toThrow();
	await expect(ring(database, { service: 'other' }).get('u1')).rejects.toThrow();
	await sql`delete from data_keys where user_id = 'u2'`.execute(database.db);
	expect((await keyring.get('u2')).equals(key)).toBe(false);
});

test('after a rotation all keys are wrapped anew and stay the same', async () => {
	await using database = await open('rotate');
	const [k1, k2] = [generateKeySync('aes', { length: 256 }), generateKeySync('aes', { length: 256 })];
	const before = ring(database, { wrapping: wrapping([k1]) });
	const key = await before.get('u1');
	await before.get('u2');
	const both = ring(database, { wrapping: wrapping([k2, k1]) });
	await both.get('u3');
	expect(await both.rewrapAll()).toBe(2);
	expect(await both.rewrapAll()).toBe(0);
	const after = ring(database, { wrapping: wrapping([k2]) });
	expect((await after.get('u1')).equals(key)).toBe(true);
});

async function open(name: string): Promise<Database<unknown>> {
	const database = await postgres.asService(name);
	await migrate(database.db, {
		schema: name,
		migrations: { '0001-data-keys': dataKeysMigration },
		logger: silent,
	});
	return database;
}

const shared = wrapping([generateKeySync('aes', { length: 256 })]);

function ring(
	database: Database<unknown>,
	options: { wrapping?: KeyWrapping; maxCached?: number; service?: string } = {},
): Keyring {
	const { wrapping: envelope = shared, maxCached = 100, service = 'test' } = options;
	return createKeyring({ db: database.db, envelope, service, maxCached });
}

/** As the envelope of `@chat-manager/service` does it, with the number of a master key in front. */
function wrapping(masters: readonly [KeyObject, ...KeyObject[]]): KeyWrapping {
	const iv = Buffer.alloc(12);
	const idOf = (key: KeyObject) => key.export().subarray(0, 4);
	return {
		newDataKey: () => generateKeySync('aes', { length: 256 }),
		wrap(dataKey, context) {
			const cipher = createCipheriv('aes-256-gcm', masters[0], iv).setAAD(Buffer.from(context));
			return Buffer.concat([
				idOf(masters[0]),
				cipher.update(dataKey.export()),
				cipher.final(),
				cipher.getAuthTag(),
			]);
		},
		unwrap(wrapped, context) {
			const master = masters.find((key) => idOf(key).equals(wrapped.subarray(0, 4)));
			if (master === undefined) throw new Error('unknown master key');
			const decipher = createDecipheriv('aes-256-gcm', master, iv).setAAD(Buffer.from(context));
			decipher.setAuthTag(wrapped.subarray(-16));
			return createSecretKey(Buffer.concat([decipher.update(wrapped.subarray(4, -16)), decipher.final()]));
		},
		isCurrent: (wrapped) => idOf(masters[0]).equals(wrapped.subarray(0, 4)),
	};
}
