import { openDatabase } from '@chat-manager/database';
import { sql } from 'kysely';
import type { Network } from './network.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * In which tables of which schema some text stands in a row, whatever the column: every table that there is, as Postgres lists
 * them, so that none can be forgotten.
 */
export async function tablesWith(net: Network, text: string): Promise<string[]> {
	await using database = openDatabase({
		url: net.servers.adminUrl,
		schema: 'public',
		logger: silent,
		applicationName: 'test',
	});
	const { rows: tables } = await sql<{ schema: string; name: string }>`
		select table_schema as schema, table_name as name from information_schema.tables
		where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
		order by 1, 2`.execute(database.db);
	const found = [];
	for (const { schema, name } of tables) {
		const { rows } = await sql`
			select 1 from ${sql.table(`${schema}.${name}`)} as one where strpos(one::text, ${text}) > 0 limit 1`.execute(
			database.db,
		);
		if (rows.length > 0) found.push(`${schema}.${name}`);
	}
	return found;
}
