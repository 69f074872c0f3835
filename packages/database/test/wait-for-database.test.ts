import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Log, openDatabase, waitForDatabase } from '../src/index.ts';
import { createTestPostgres, silent, type TestPostgres, urlOf } from './test-postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
	postgres = await createTestPostgres({ durable: true });
});
afterAll(() => postgres[Symbol.asyncDispose]());

test('what was committed survives kill -9, and the same pool works again once Postgres answers', async () => {
	await using service = await postgres.asService('crash');
	await sql`create table notes (id int)`.execute(service.db);
	for (let id = 0; id < 50; id++) await sql`insert into notes values (${id})`.execute(service.db);
	await postgres.kill();

	const lines: string[] = [];
	const down = Promise.withResolvers<void>();
	const logger: Log = {
		...silent,
		warn(_fields, message) {
			lines.push(message);
			down.resolve();
		},
		info: (_fields, message) => void lines.push(message),
	};
	const waited = waitForDatabase(service, { logger, signal: new AbortController().signal });
	await down.promise;
	await postgres.restart();
	await waited;
	expect(lines.at(0)).toBe('waiting for the database');
	expect(lines.at(-1)).toBe('the database answers');
	expect((await sql`select count(*) as value from notes`.execute(service.db)).rows).toEqual([{ value: 50 }]);
});

test('nothing is said when it answers at once', async () => {
	const logger: Log = {
		...silent,
		info() {
			throw new Error('it spoke');
		},
	};
	await using service = await postgres.asService('quiet');
	await waitForDatabase(service, { logger, signal: new AbortController().signal });
});

test('a signal ends the wait', async () => {
	const url = 'postgres://x:x@127.0.0.1:1/x';
	await using nowhere = openDatabase({ url, schema: 'x', logger: silent, applicationName: 'test' });
	const controller = new AbortController();
	const logger: Log = { ...silent, warn: () => controller.abort(new Error('enough')) };
	await expect(waitForDatabase(nowhere, { logger, signal: controller.signal })).rejects.toThrow('enough');
});

test('what waiting cannot mend fails at once', async () => {
	await using service = await postgres.asService('wrong');
	await service.ping();
	const url = urlOf({ port: postgres.port, user: 'wrong', password: 'not-it' });
	await using refused = openDatabase({ url, schema: 'wrong', logger: silent, applicationName: 'test' });
	const { signal } = new AbortController();
	await expect(waitForDatabase(refused, { logger: silent, signal })).rejects.toMatchObject({ code: '28P01' });
});
