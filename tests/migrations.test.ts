import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrations as connector } from '../apps/connector/src/database/migrations.ts';
import { migrations as gateway } from '../apps/gateway/src/database/migrations.ts';
import { migrations as storage } from '../apps/storage/src/database/migrations.ts';
import { migrations as webhooks } from '../apps/webhooks/src/database/migrations.ts';
import { fileAt, previousRelease } from './support/previous-version.ts';
import { unsafeStatements } from './support/unsafe-statements.ts';

const services = { connector, gateway, storage, webhooks };

it.each(Object.entries(services))(
	'%s: what came after the last version breaks none of its processes',
	async (service, migrations) => {
		const source = await fileAt(await previousRelease(), `apps/${service}/src/database/migrations.ts`);
		const released = new Set(source.match(/\d{4}-[a-z0-9-]+(?=':)/g));
		expect(released.size).toBeGreaterThan(0);
		for (const name of released) expect(Object.keys(migrations), 'one that has run stays').toContain(name);
		expect(await unsafeStatements(migrations, released)).toEqual([]);
	},
);

describe('a statement that breaks a version that runs is found', () => {
	const released = new Set(['0001-notes', '0002-words']);
	const run = (text: string, more: { needs?: string } = {}) =>
		unsafeStatements({ '0003-new': { ...more, up: statement(text) } }, released);

	it.each([
		'drop table notes',
		'alter table notes drop column text',
		'alter table notes rename column text to words',
		'alter table notes rename to words',
		'alter table notes add column size integer not null',
		'alter table notes add column a text, add column size integer not null',
		'alter table notes alter column text set not null',
		'alter table notes alter column size type bigint',
		'alter table notes add constraint short check (length(text) < 9)',
		'create index notes_text on notes (text)',
		'create unique index notes_text on "notes" (text)',
		'drop index notes_text',
		"update notes set text = ''",
		'delete from notes',
		'alter table notes alter column id drop identity',
	])('%s', async (text) => {
		expect(await run(text)).toHaveLength(1);
	});

	it.each([
		'create table words (id text primary key, note text not null references notes on delete cascade)',
		'create table words (id text); create index words_id on words (id); alter table words drop column id',
		'alter table notes add column size integer',
		'alter table notes add column size integer not null default 0, add column b text',
		"alter table notes add column kind text not null default 'a' check (kind in ('a', 'b'))",
		'alter table notes add constraint short check (length(text) < 9) not valid',
	])('and one that breaks nothing is not: %s', async (text) => {
		expect(await run(text)).toEqual([]);
	});

	it('what takes away is allowed once the last version does without it', async () => {
		expect(await run('alter table notes drop column text', { needs: '0002-words' })).toEqual([]);
		expect(await run('alter table notes drop column text', { needs: '0003-new' })).toHaveLength(1);
	});
});

function statement(text: string): (db: Parameters<Up>[0]) => Promise<void> {
	return async (db) => void (await sql.raw(text).execute(db));
}

type Up = Extract<Migration, { up: unknown }>['up'];
