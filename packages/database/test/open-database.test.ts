import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	isConnectionError,
	isUniqueViolation,
	type Log,
	openDatabase,
	waitForDatabase,
} from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres, urlOf } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());

test('queries without a schema reach the one of the options, whatever the URL says', async () => {
	await using service = await postgres.asService('chat');
	const url = `${urlOf({ port: postgres.port, user: 'chat' })}?options=-c%20search_path%3Dpublic%20-c%20work_mem%3D5MB`;
	await using odd = openDatabase({ url, schema: 'chat', logger: silent, applicationName: 'test' });
	await sql`create table places (id int)`.execute(service.db);
	expect(await one(odd.db, sql`select 'places'::regclass::text as value`)).toBe('places');
	expect(await one(odd.db, sql`select current_setting('work_mem') as value`)).toBe('5MB');
	expect(await one(odd.db, sql`select current_setting('search_path') as value`)).toBe('"chat"');
	expect(await one(odd.db, sql`select current_setting('statement_timeout') as value`)).toBe('30s');
});

test('int8 is a number while that is exact, timestamptz a Date, a date its text', async () => {
	await using service = await postgres.asService('types');
	expect(await one(service.db, sql`select count(*) as value from pg_class where false`)).toBe(0);
	expect(await one(service.db, sql`select array[1, null]::int8[] as value`)).toEqual([1, null]);
	expect(await one(service.db, sql`select timestamptz '2026-01-02T03:04:05Z' as value`)).toEqual(
		new Date('2026-01-02T03:04:05Z'),
	);
	expect(await one(service.db, sql`select date '2026-01-02' as value`)).toBe('2026-01-02');
	await expect(one(service.db, sql`select 9007199254740993::int8 as value`)).rejects.toThrow(/2\^53/);
	expect(await one(service.db, sql`select 1 as value`)).toBe(1);
});

test('a unique violation is told from other errors, also by its constraint', async () => {
	await using service = await postgres.asService('unique');
	await sql`create table people (email text constraint people_email_key unique)`.execute(service.db);
	const insert = () => sql`insert into people values ('a')`.execute(service.db);
	await insert();
	const error = await insert().catch((thrown: unknown) => thrown);
	expect(isUniqueViolation(error)).toBe(true);
	expect(isUniqueViolation(error, 'people_email_key')).toBe(true);
	expect(isUniqueViolation(error, 'another')).toBe(false);
	expect(isConnectionError(error)).toBe(false);
});

test('a connection that breaks is logged and replaced', async () => {
	const warned = Promise.withResolvers<string>();
	const logger: Log = { ...silent, warn: (_fields, message) => warned.resolve(message) };
	await using service = await postgres.asService('broken', { poolSize: 1, logger });
	await using admin = postgres.asAdmin();
	const backend = await one(service.db, sql`select pg_backend_pid() as value`);
	await sql`select pg_terminate_backend(${backend})`.execute(admin.db);
	expect(await warned.promise).toContain('lost');
	expect(await one(service.db, sql`select 1 as value`)).toBe(1);

	const error = await sql`select pg_terminate_backend(pg_backend_pid())`
		.execute(service.db)
		.catch((thrown: unknown) => thrown);
	expect(isConnectionError(error)).toBe(true);
	await waitForDatabase(service, { logger: silent, signal: new AbortController().signal });
	expect(await one(service.db, sql`select 1 as value`)).toBe(1);
});

test('a Postgres that is killed while a query runs fails that query, and not the process', async () => {
	await using postgres = await createTestPostgres();
	await using database = await postgres.asService('killed_under_load', { poolSize: 4 });
	const running = Array.from({ length: 4 }, () =>
		sql`select pg_sleep(30)`.execute(database.db).then(
			() => 'ran',
			() => 'failed',
		),
	);
	const busy = () =>
		sql<{
			count: number;
		}>`select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`;
	await using admin = postgres.asAdmin();
	await expect.poll(async () => Number((await busy().execute(admin.db)).rows[0]?.count)).toBe(4);
	await postgres.kill();
	// An error that no listener takes would end the test run here.
	expect(await Promise.all(running)).toEqual(['failed', 'failed', 'failed', 'failed']);
	await postgres.restart();
	await expect
		.poll(() =>
			database.ping().then(
				() => 'answers',
				() => 'away',
			),
		)
		.toBe('answers');
});

test('a database that nobody listens for is a connection error', async () => {
	const url = 'postgres://x:x@127.0.0.1:1/x';
	await using nowhere = openDatabase({ url, schema: 'x', logger: silent, applicationName: 'test' });
	const error = await nowhere.ping().catch((thrown: unknown) => thrown);
	expect(isConnectionError(error)).toBe(true);
	expect(() => openDatabase({ url: 'mysql://x', schema: 'x', logger: silent, applicationName: 'x' })).toThrow(
		/must look like postgres:/,
	);
});

async function one(
	db: Parameters<ReturnType<typeof sql>['execute']>[0],
	query: ReturnType<typeof sql>,
): Promise<unknown> {
	const { rows } = await query.execute(db);
	return (rows[0] as { value: unknown }).value;
}
