import { type Connection, type DatabaseService, quoteName, serviceSchemas } from '@chat-manager/database';
import { BackupError } from '../backup-error.ts';
import { services } from '../services.ts';
import { listTables, qualified } from './catalogue.ts';

/** Throws while a service is connected: it would write beside us, and remember what is no more. */
export async function assertNobodyWorks(connection: Connection): Promise<void> {
	const rows = await connection.query<{ name: string }>(
		`select distinct application_name as name from pg_stat_activity
		where datname = current_database() and application_name = any($1) order by 1`,
		[services],
	);
	if (rows.length > 0)
		throw new BackupError(
			`Services still work on this database (${rows.map(({ name }) => name).join(', ')}): stop all of them first. Nothing was restored.`,
		);
}

/** The roles of the services; throws where a schema is not there yet. */
export async function findOwners(connection: Connection): Promise<Map<DatabaseService, string>> {
	const owners = new Map<DatabaseService, string>();
	for (const service of services) {
		const [row] = await connection.query<{ owner: string }>(
			'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
			[serviceSchemas[service]],
		);
		if (row === undefined)
			throw new BackupError(
				`The schema ${serviceSchemas[service]} is not there: make roles and schemas first, as for a new installation. Nothing was restored.`,
			);
		owners.set(service, row.owner);
	}
	return owners;
}

/** The first schema in which anything is kept. */
export async function findData(connection: Connection): Promise<string | undefined> {
	for (const schema of Object.values(serviceSchemas)) {
		for (const { name } of await listTables(connection, schema)) {
			const rows = await connection.query(`select from ${qualified(schema, name)} limit 1`);
			if (rows.length > 0) return schema;
		}
	}
	return undefined;
}

/** Takes away all tables of the services. */
export async function dropTables(connection: Connection): Promise<void> {
	for (const schema of Object.values(serviceSchemas)) {
		const tables = await connection.query<{ name: string }>(
			'select tablename as name from pg_tables where schemaname = $1',
			[schema],
		);
		if (tables.length === 0) continue;
		const names = tables.map(({ name }) => `${quoteName(schema)}.${quoteName(name)}`);
		await connection.query(`drop table ${names.join(', ')} cascade`);
	}
}
