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

test('an older program goes on beside a newer version that added something, also when it starts after it', async () => {
	await using database = await postgres.asService('newer');
	const options = { schema: 'newer', logger: silent };
	await migrate(database.db, { ...options, migrations: both });
	await migrate(database.db, { ...options, migrations: { '0001-notes': first } });
	expect(await rowsOf(database, 'notes')).toEqual([{ text: 'second' }]);
});

test('what takes something away names the migration since when nobody uses it, and older programs refuse', async () => {
	await using database = await postgres.asService('contract');
	const options = { schema: 'contract', logger: silent };
	const third: Migration = {
		needs: '0002-a-note',
		up: async (db) => void (await sql`alter table notes drop column text`.execute(db)),
	};
	await migrate(database.db, { ...options, migrations: { ...both, '0003-no-text': third } });
	await migrate(database.db, { ...options, migrations: both });
	await expect(migrate(database.db, { ...options, migrations: { '0001-notes': first } })).rejects.toThrow(
		/"contract" was migrated by a newer version of this program \("0003-no-text" takes away/,
	);
});

test('a program that would go another way than the schema did refuses', async () => {
	await using database = await postgres.asService('fork');
	const options = { schema: 'fork', logger: silent };
	await migrate(database.db, { ...options, migrations: both });
	await expect(
		migrate(database.db, { ...options, migrations: { '0001-notes': first, '0002-other': second } }),
	).rejects.toThrow('give it the next number');
});

test('a migration gives way to who uses the table, and lets those behind it pass', async () => {
	await using database = await postgres.asService('busy');
	const options = { schema: 'busy', logger: silent };
	await migrate(database.db, { ...options, migrations: { '0001-notes': first } });
	const wider: Migration = {
		up: async (db) => void (await sql`alter table notes add column more text`.execute(db)),
	};
	const warned = Promise.withResolvers<void>();
	const logger = { ...silent, warn: () => warned.resolve() };
	let migrating: Promise<void> | undefined;
	await database.db.transaction().execute(async (transaction) => {
		await sql`select * from notes`.execute(transaction);
		migrating = migrate(database.db, {
			...options,
			logger,
			migrations: { '0001-notes': first, '0002-more': wider },
		});
		await warned.promise;
		// Behind a statement that waits for the table this would wait until the transaction ends, which waits for it.
		await sql`insert into notes (text) values ('passes')`.execute(database.db);
	});
	await migrating;
	expect(await rowsOf(database, 'notes')).toEqual([{ text: 'passes', more: null }]);
});

test('an index is made while the table is used, and made anew when it was left half made', async () => {
	await using database = await postgres.asService('indexes');
	const options = { schema: 'indexes', logger: silent };
	await migrate(database.db, { ...options, migrations: both });
	await sql`insert into notes values ('twice'), ('twice')`.execute(database.db);
	const indexed = (definition: string) => ({
		...both,
		'0003-index': { indexes: { notes_text: definition } },
	});
	await expect(
		migrate(database.db, { ...options, migrations: indexed('unique on notes (text)') }),
	).rejects.toThrow('"0003-index" failed');
	await using two = await postgres.asService('indexes');
	const migrations = indexed('on notes (text)');
	await Promise.all([database, two].map(({ db }) => migrate(db, { ...options, migrations })));
	const { rows } = await sql`
		select indisvalid, indisunique from pg_index where indexrelid = 'notes_text'::regclass`.execute(
		database.db,
	);
	expect(rows).toEqual([{ indisvalid: true, indisunique: false }]);
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
