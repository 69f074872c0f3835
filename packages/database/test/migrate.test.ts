import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Migration, migrate } from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());

const first: Migration = { up: async (db) => void (await sql`create table notes (text text)`.execute(db)) };
const second: Migration = {
	up: async (db) => void (await sql`insert into notes values ('second')`.execute(db)),
};
const both = { '0001-notes': first, '0002-a-note': second };

test('replicas that start together run each migration once', async () => {
	await using one = await postgres.asService('together');
	await using two = await postgres.asService('together');
	const options = { schema: 'together', migrations: both, logger: silent };
	await Promise.all([migrate(one.db, options), migrate(two.db, options), migrate(one.db, options)]);
	expect(await rowsOf(one, 'notes')).toEqual([{ text: 'second' }]);
	await migrate(two.db, options);
	expect(await rowsOf(one, 'notes')).toHaveLength(1);
});

test('a later version goes on where the earlier one ended', async () => {
	await using database = await postgres.asService('later');
	await migrate(database.db, { schema: 'later', migrations: { '0001-notes': first }, logger: silent });
	await migrate(database.db, { schema: 'later', migrations: both, logger: silent });
	expect(await rowsOf(database, 'notes')).toEqual([{ text: 'second' }]);
});

test('a program older than its schema refuses', async () => {
	await using database = await postgres.asService('newer');
	await migrate(database.db, { schema: 'newer', migrations: both, logger: silent });
	await expect(
		migrate(database.db, { schema: 'newer', migrations: { '0001-notes': first }, logger: silent }),
	).rejects.toThrow(/"newer" was migrated by a newer version of this program \("0002-a-note"/);
});

test('a migration that fails leaves nothing behind and keeps the lock from nobody', async () => {
	await using database = await postgres.asService('fails');
	const half: Migration = {
		async up(db) {
			await sql`insert into notes values ('half')`.execute(db);
			await sql`select 1/0`.execute(db);
		},
	};
	await expect(
		migrate(database.db, {
			schema: 'fails',
			migrations: { '0001-notes': first, '0002-half': half },
			logger: silent,
		}),
	).rejects.toThrow('"0002-half" failed');
	expect(await rowsOf(database, 'notes')).toEqual([]);
	await migrate(database.db, { schema: 'fails', migrations: both, logger: silent });
	expect(await rowsOf(database, 'notes')).toEqual([{ text: 'second' }]);
	const { rows } = await sql`select current_setting('statement_timeout') as value`.execute(database.db);
	expect(rows).toEqual([{ value: '30s' }]);
});

test('names that give no one order are refused before anything runs', async () => {
	await using database = await postgres.asService('names');
	const run = (migrations: Record<string, Migration>) =>
		migrate(database.db, { schema: 'names', migrations, logger: silent });
	await expect(run({ notes: first })).rejects.toThrow('must be named like');
	await expect(run({ '0001-a': first, '0001-b': second })).rejects.toThrow(
		'Two migrations have the number 0001',
	);
	await run({ '0002-notes': first });
	await expect(run({ '0001-late': second, '0002-notes': first })).rejects.toThrow('give it the next number');
});

async function rowsOf(
	database: Awaited<ReturnType<TestPostgres['asService']>>,
	table: string,
): Promise<unknown[]> {
	return (await sql`select * from ${sql.table(table)}`.execute(database.db)).rows;
}
