import type { Migration, Migrations } from '@chat-manager/database';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

/** What is wrong with a statement of a migration, while processes of the last version work on the tables. */
const takesAway: readonly Rule[] = [
	[/\bdrop (table|view|schema|type)\b/, 'drops what the last version may use'],
	[/\bdrop column\b/, 'drops a column that the last version may use'],
	[/\brename\b/, 'renames what the last version uses by its old name'],
];
const breaks: readonly Rule[] = [
	[
		/\badd (column )?(if not exists )?"?\w+"? (?!constraint)[^,]*\bnot null\b(?![^,]*\bdefault\b)(?![^,]*\bgenerated\b)/,
		'adds a column that the last version leaves out of its inserts, and that may not be empty: give it a default',
	],
	[/\bset not null\b/, 'forbids what the last version may write'],
	[
		/\balter (column )?"?\w+"? (set data )?type\b/,
		'rewrites the table and changes what the last version reads',
	],
	[/\bdrop (identity|default|expression)\b/, 'takes away a value that the last version relies on'],
	[
		/\badd (constraint|check|foreign key|unique|primary key|exclude)\b(?!.*\bnot valid\b)/,
		'looks at every row while nobody can write: add it `not valid`, and validate it later',
	],
	[/\bcreate (unique )?index\b/, 'holds up all writes: put it into `indexes`'],
	[
		/\bdrop index\b/,
		'holds up everything: leave the index for a release, then drop it by hand, concurrently',
	],
	[
		/^\s*(with\b.*)?(update|delete from)\b/,
		'changes rows of a table in use in one transaction: let the sweep of the app do it, in batches',
	],
	[/\b(truncate|lock table|vacuum full|cluster)\b/, 'takes the table away from everybody'],
];

type Rule = readonly [pattern: RegExp, fault: string];

/**
 * The faults of the migrations that came after the last version: for each the statement and what it does to processes that
 * still run. What stands in tables of the new migrations themselves is nobody's yet. Taking away is allowed to one that
 * `needs` a migration which the last version has already.
 */
export async function unsafeStatements(
	migrations: Migrations,
	released: ReadonlySet<string>,
): Promise<string[]> {
	const faults: string[] = [];
	const own = new Set<string>();
	for (const name of Object.keys(migrations).sort()) {
		const migration = migrations[name];
		if (migration === undefined || released.has(name)) continue;
		for (const statement of await statementsOf(migration)) {
			const [, made] = /^create table (?:if not exists )?"?(\w+)"?/.exec(statement) ?? [];
			if (made !== undefined) own.add(made);
			if (made !== undefined || own.has(tableOf(statement))) continue;
			for (const [pattern, fault] of takesAway)
				if (pattern.test(statement) && !isPrepared(migration, released))
					faults.push(
						`${name} ${fault}, and does not \`need\` a migration of the last version: ${statement}`,
					);
			for (const [pattern, fault] of breaks)
				if (pattern.test(statement)) faults.push(`${name} ${fault}: ${statement}`);
		}
	}
	return faults;
}

function isPrepared({ needs }: Migration, released: ReadonlySet<string>): boolean {
	return needs !== undefined && released.has(needs);
}

/** What a migration would run, one statement each, in small letters and without comments; nothing is executed. */
async function statementsOf(migration: Migration): Promise<string[]> {
	if (!('up' in migration)) return [];
	const texts: string[] = [];
	const db = new Kysely<Record<string, never>>({
		dialect: {
			createAdapter: () => new PostgresAdapter(),
			createDriver: () => new DummyDriver(),
			createIntrospector: (any) => new PostgresIntrospector(any),
			createQueryCompiler: () => new PostgresQueryCompiler(),
		},
		log: ({ query }) => void texts.push(query.sql),
	});
	await db.transaction().execute((transaction) => migration.up(transaction));
	return texts
		.flatMap((text) => text.replace(/--.*$/gm, '').split(';'))
		.map((text) => text.replace(/\s+/g, ' ').trim().toLowerCase())
		.filter((text) => text !== '');
}

/** The table that a statement is about. */
function tableOf(statement: string): string {
	const [, table = ''] =
		/^(?:alter table(?: if exists)?(?: only)?|drop table(?: if exists)?|update|delete from|insert into|truncate(?: table)?) "?(\w+)"?/.exec(
			statement,
		) ??
		/\bindex\b.*? on (?:only )?"?(\w+)"?/.exec(statement) ??
		[];
	return table;
}
