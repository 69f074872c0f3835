import { pipeline } from 'node:stream/promises';
import { type Connection, quoteName } from '@chat-manager/database';
import type { ServiceData, TableData } from '../files/manifest.ts';
import { readStored } from '../files/stored-files.ts';
import { qualified } from './catalogue.ts';

/** Fills the tables of a service, which are there and empty, in the open transaction. */
export async function copyIn(connection: Connection, folder: string, data: ServiceData): Promise<void> {
	for (const table of data.tables) {
		await fillTable(connection, folder, { schema: data.schema, table });
	}
	for (const { table, column, value, isCalled } of data.sequences)
		await connection.query('select setval(pg_get_serial_sequence($1, $2), $3::bigint, $4)', [
			qualified(data.schema, table),
			column,
			value,
			isCalled,
		]);
}

async function fillTable(
	connection: Connection,
	folder: string,
	{ schema, table }: { schema: string; table: TableData },
): Promise<void> {
	const columns = table.columns.map(quoteName).join(', ');
	const target = connection.copyIn(`${qualified(schema, table.name)} (${columns})`);
	await pipeline(readStored(folder, table), target);
	const [row] = await connection.query<{ count: string }>(
		`select count(*) from ${qualified(schema, table.name)}`,
	);
	if (Number(row?.count) !== table.rows)
		throw new Error(`${table.name} has ${row?.count} rows where the backup has ${table.rows}`);
}
