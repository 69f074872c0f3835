import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres, urlOf } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());

async function openSmall(schema: string) {
	await using made = await postgres.asService(schema);
	await sql`create table people (name text, age int)`.execute(made.db);
	await sql`insert into people values ('Ana', 30), ('Berta', 40)`.execute(made.db);
	return openDatabase<{ people: { name: string; age: number } }>({
		url: urlOf({ port: postgres.port, user: schema }),
		schema,
		logger: silent,
		applicationName: 'test',
		poolSize: 1,
	});
}

test('a query that comes again and again is prepared, and answers the same', async () => {
	await using database = await openSmall('often');
	const older = (age: number) =>
		database.db.selectFrom('people').select('name').where('age', '>', age).orderBy('name').execute();
	const prepared = () => sql`select statement from pg_prepared_statements`.execute(database.db);
	await older(0);
	await older(0);
	expect((await prepared()).rows).toEqual([]);
	for (let round = 0; round < 10; round++) {
		expect(await older(0)).toEqual([{ name: 'Ana' }, { name: 'Berta' }]);
		expect(await older(35)).toEqual([{ name: 'Berta' }]);
	}
	expect((await prepared()).rows).toEqual([
		{ statement: 'select "name" from "people" where "age" > $1 order by "name"' },
	]);
});

test('a query for all columns goes on while a migration adds one', async () => {
	await using database = await openSmall('stars');
	const all = () => database.db.selectFrom('people').selectAll().where('age', '>', 35).execute();
	const added = () =>
		database.db
			.insertInto('people')
			.values({ name: 'Carla', age: 20 })
			.returningAll()
			.executeTakeFirstOrThrow();
	for (let round = 0; round < 5; round++) {
		expect(await all()).toEqual([{ name: 'Berta', age: 40 }]);
		expect(await added()).toEqual({ name: 'Carla', age: 20 });
	}
	await sql`alter table people add column town text`.execute(database.db);
	expect(await all()).toEqual([{ name: 'Berta', age: 40, town: null }]);
	expect(await added()).toEqual({ name: 'Carla', age: 20, town: null });
});

test('a prepared query finds its columns after a migration, and fails as any other does', async () => {
	await using database = await openSmall('changing');
	const names = (age: unknown) =>
		sql<{ name: string }>`select name from people where age > ${age} order by name`.execute(database.db);
	for (let round = 0; round < 5; round++) expect((await names(35)).rows).toEqual([{ name: 'Berta' }]);
	await sql`alter table people add column town text`.execute(database.db);
	expect((await names(35)).rows).toEqual([{ name: 'Berta' }]);
	await expect(names('many')).rejects.toThrow(/invalid input syntax/);
	expect((await names(35)).rows).toEqual([{ name: 'Berta' }]);
});
