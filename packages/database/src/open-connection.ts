import type { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { throwCertificateFault } from './certificate-fault.ts';

/** One connection, for commands that copy whole tables: its transaction is theirs to begin and to end. */
export type Connection = AsyncDisposable & {
	/** Names in the text are the caller's to quote (`quoteName`). */
	query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
	/** What a query gives, in Postgres' text format for COPY, as it comes. */
	copyOut(query: string): Readable;
	/** Into a table, `words (id, text)`, in the same format. Ended, it is done when `finish` comes. */
	copyIn(target: string): Writable;
};

/** No statement and no pause ends it, and values look the same whatever the server's settings are. */
const settings = [
	['statement_timeout', '0'],
	['idle_in_transaction_session_timeout', '0'],
	['datestyle', 'ISO'],
	['intervalstyle', 'postgres'],
	['bytea_output', 'hex'],
	['extra_float_digits', '1'],
	['client_encoding', 'UTF8'],
] as const;

export async function openConnection(options: { url: string; applicationName: string }): Promise<Connection> {
	const client = new pg.Client({
		connectionString: options.url,
		application_name: options.applicationName,
		keepAlive: true,
	});
	// Whatever runs on it fails as well, and says so; without a listener it would end the process.
	client.on('error', () => undefined);
	await client.connect().catch(throwCertificateFault);
	for (const [name, value] of settings) await client.query(`set ${name} = '${value}'`);
	return {
		async query<Row extends object>(text: string, values: readonly unknown[] = []) {
			return (await client.query<Row>(text, [...values])).rows;
		},
		copyOut: (query) => client.query(copyTo(`copy (${query}) to stdout`)),
		copyIn: (target) => client.query(copyFrom(`copy ${target} from stdin`)),
		[Symbol.asyncDispose]: () => client.end(),
	};
}

export const quoteName = (name: string): string => pg.escapeIdentifier(name);
