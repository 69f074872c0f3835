import { type Connection, quoteName } from '@chat-manager/database';

export type TableShape = { name: string; columns: string[] };

/** Beside the tables of people: which migrations ran, and that is told otherwise. */
const migrationsTable = 'migrations';

/** The tables of a schema with the columns that hold something of their own, each after those that it refers to. */
export async function listTables(connection: Connection, schema: string): Promise<TableShape[]> {
	const tables = await connection.query<TableShape>(
		`select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
		from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		where n.nspname = $1 and c.relkind = 'r' and c.relname <> $2
		group by c.relname order by c.relname`,
		[schema, migrationsTable],
	);
	const references = await connection.query<{ from: string; to: string }>(
		`select f.relname as from, t.relname as to
		from pg_constraint r
			join pg_namespace n on n.oid = r.connamespace
			join pg_class f on f.oid = r.conrelid
			join pg_class t on t.oid = r.confrelid
		where n.nspname = $1 and r.contype = 'f' and f.oid <> t.oid`,
		[schema],
	);
	return inOrder(tables, references);
}

function inOrder(tables: TableShape[], references: { from: string; to: string }[]): TableShape[] {
	const ordered: TableShape[] = [];
	const left = new Set(tables);
	while (left.size > 0) {
		const names = new Set([...left].map(({ name }) => name));
		const ready = [...left].filter(
			({ name }) => !references.some(({ from, to }) => from === name && names.has(to)),
		);
		if (ready.length === 0)
			throw new Error(`Tables refer to each other in a circle: ${[...names].join(', ')}`);
		for (const table of ready) left.delete(table);
		ordered.push(...ready);
	}
	return ordered;
}

/** None where the service has never run. */
export async function listMigrations(connection: Connection, schema: string): Promise<string[]> {
	if (!(await isThere(connection, qualified(schema, migrationsTable)))) return [];
	const rows = await connection.query<{ name: string }>(
		`select name from ${qualified(schema, migrationsTable)} order by name collate "C"`,
	);
	return rows.map(({ name }) => name);
}

export type SequencePlace = { table: string; column: string; value: string; isCalled: boolean };

/** Where the numbers of a schema's tables stand. */
export async function listSequences(connection: Connection, schema: string): Promise<SequencePlace[]> {
	const columns = await connection.query<{ table: string; column: string; sequence: string }>(
		`select c.relname as table, a.attname as column,
			pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
		from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
		where n.nspname = $1 and c.relkind = 'r'`,
		[schema],
	);
	const places: SequencePlace[] = [];
	for (const { table, column, sequence } of columns) {
		// The name comes quoted.
		const [row] = await connection.query<{ value: string; isCalled: boolean }>(
			`select last_value::text as value, is_called as "isCalled" from ${sequence}`,
		);
		if (row !== undefined) places.push({ table, column, ...row });
	}
	return places;
}

export async function isThere(connection: Connection, table: string): Promise<boolean> {
	const [row] = await connection.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
		table,
	]);
	return row?.there === true;
}

export function qualified(schema: string, table: string): string {
	return `${quoteName(schema)}.${quoteName(table)}`;
}
