import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapDatabase, openDatabase } from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres, urlOf } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());

test('a role works in its own schema and sees neither another one nor public', async () => {
	await using chat = await postgres.asService('chat');
	await using devices = await postgres.asService('devices');
	await sql`create table secrets (text text)`.execute(devices.db);
	await sql`create table own (text text)`.execute(chat.db);
	for (const query of [
		sql`select * from devices.secrets`,
		sql`create table devices.mine (id int)`,
		sql`create table public.mine (id int)`,
		sql`create schema mine`,
		sql`create role mine`,
		sql`set role devices`,
		sql`alter schema devices rename to stolen`,
	])
		await expect(query.execute(chat.db)).rejects.toMatchObject({ code: '42501' });
});

test('it may run again, also twice at once, keeps the data and takes the new password', async () => {
	const { adminUrl, port } = postgres;
	const service = { schema: 'again', role: 'again' };
	await using before = await postgres.asService('again');
	await sql`create table kept (text text)`.execute(before.db);
	const services = [{ ...service, password: 'another' }];
	await Promise.all([bootstrapDatabase({ adminUrl, services }), bootstrapDatabase({ adminUrl, services })]);
	const connect = (password: string) =>
		openDatabase({
			url: urlOf({ port, user: 'again', password }),
			schema: 'again',
			logger: silent,
			applicationName: 'test',
		});
	await using after = connect('another');
	expect((await sql`select * from kept`.execute(after.db)).rows).toEqual([]);
	await using refused = connect('pw');
	await expect(refused.ping()).rejects.toMatchObject({ code: '28P01' });
});

test('names and passwords may hold what SQL and URLs treat specially', async () => {
	const odd = { schema: 'Odd "schema; --', role: `o'dd "role`, password: `p'a"s\\s $1 %` };
	await bootstrapDatabase({ adminUrl: postgres.adminUrl, services: [odd] });
	const url = urlOf({
		port: postgres.port,
		user: encodeURIComponent(odd.role),
		password: encodeURIComponent(odd.password),
	});
	await using database = openDatabase({ url, schema: odd.schema, logger: silent, applicationName: 'test' });
	const { rows } = await sql`select current_schema() as schema, current_user as role`.execute(database.db);
	expect(rows).toEqual([{ schema: odd.schema, role: odd.role }]);
});

test('an admin that is no superuser will do when it may create roles and owns the database', async () => {
	await using root = postgres.asAdmin();
	await sql`create role manager login createrole password 'pw'`.execute(root.db);
	await sql`create database managed owner manager`.execute(root.db);
	const adminUrl = urlOf({ port: postgres.port, user: 'manager' }).replace(/postgres$/, 'managed');
	const services = [{ schema: 'managed_chat', role: 'managed_chat', password: 'pw' }];
	await bootstrapDatabase({ adminUrl, services });
	await bootstrapDatabase({ adminUrl, services });
	const url = urlOf({ port: postgres.port, user: 'managed_chat' }).replace(/postgres$/, 'managed');
	await using chat = openDatabase({ url, schema: 'managed_chat', logger: silent, applicationName: 'test' });
	await sql`create table own (text text)`.execute(chat.db);
	await expect(sql`create table public.mine (id int)`.execute(chat.db)).rejects.toMatchObject({
		code: '42501',
	});
});

test('half a bootstrap is none', async () => {
	const services = [
		{ schema: 'whole', role: 'whole', password: 'pw' },
		{ schema: 'pg_refused', role: 'refused', password: 'pw' },
	];
	await expect(bootstrapDatabase({ adminUrl: postgres.adminUrl, services })).rejects.toMatchObject({
		code: '42939',
	});
	await using admin = postgres.asAdmin();
	const { rows } = await sql`select 1 from pg_roles where rolname in ('whole', 'refused')`.execute(admin.db);
	expect(rows).toEqual([]);
});
