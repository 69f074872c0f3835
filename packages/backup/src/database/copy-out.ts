import { type Connection, type DatabaseService, quoteName, serviceSchemas } from '@chat-manager/database';
import type { ServiceData, TableData } from '../files/manifest.ts';
import { writeStored } from '../files/stored-files.ts';
import { listMigrations, listSequences, listTables, qualified, type TableShape } from './catalogue.ts';

/** Copies all that a service keeps into files, as the open transaction sees it. */
export async function copyOut(
	connection: Connection,
	{ service, folder }: { service: DatabaseService; folder: string },
): Promise<ServiceData> {
	const schema = serviceSchemas[service];
	const shapes = await listTables(connection, schema);
	const tables: TableData[] = [];
	for (const shape of shapes) tables.push(await copyTable(connection, { schema, service, folder, shape }));
	const hasKeys = shapes.some(({ name }) => name === 'data_keys');
	return {
		schema,
		migrations: await listMigrations(connection, schema),
		tables,
		sequences: await listSequences(connection, schema),
		wrappedKeys: hasKeys ? await sampleKeys(connection, schema) : [],
	};
}

async function copyTable(
	connection: Connection,
	options: { schema: string; service: string; folder: string; shape: TableShape },
): Promise<TableData> {
	const { schema, service, folder, shape } = options;
	const columns = shape.columns.map(quoteName).join(', ');
	const copy = connection.copyOut(`select ${columns} from ${qualified(schema, shape.name)}`);
	// In the text format every row is one line: a line end within a value is written out.
	const { lines: rows, ...stored } = await writeStored(folder, `${service}.${shape.name}.copy.gz`, copy);
	return { ...stored, ...shape, rows };
}

/** One for each master key: its name is the first byte's worth of bytes at the front (see the envelope). */
async function sampleKeys(connection: Connection, schema: string): Promise<ServiceData['wrappedKeys']> {
	const rows = await connection.query<{ user_id: string; wrapped: Buffer }>(
		`select distinct on (substring(wrapped from 1 for 1 + get_byte(wrapped, 0))) user_id, wrapped
		from ${qualified(schema, 'data_keys')}`,
	);
	return rows.map(({ user_id: userId, wrapped }) => ({ userId, wrapped: wrapped.toString('base64') }));
}
