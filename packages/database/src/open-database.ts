import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { throwCertificateFault } from './certificate-fault.ts';
import { connectionOptions } from './connection-options.ts';
import type { Log } from './log.ts';
import { createStatementNames, prepareQueries } from './prepared-statements.ts';
import { valueTypes } from './value-types.ts';

/** How long a query may wait for a connection of the pool, which includes making a new one. */
const connectTimeoutMs = 10_000;
const idleConnectionMs = 30_000;
/** A transaction that holds its locks and says nothing is a bug or a frozen process. */
const idleTransactionMs = 30_000;

export type Database<Tables> = AsyncDisposable & {
	readonly db: Kysely<Tables>;
	/** One trip to Postgres and back; rejects with what went wrong. */
	ping(): Promise<void>;
	/** Connections of the pool, and queries that wait for one. */
	connections(): { busy: number; idle: number; waiting: number };
};

/**
 * A pool on one schema. It connects at the first query, so it opens while Postgres is away (see `waitForDatabase`), and a
 * lost connection fails the queries on it and is replaced by the next one.
 *
 * The schema is chosen by `search_path` in the startup options of each connection, and queries name no schema. A pooler in
 * transaction mode (PgBouncer) breaks that: it drops startup options or hands the session of one service to another.
 * Use session mode, or none.
 */
export function openDatabase<Tables>(options: {
	url: string;
	schema: string;
	logger: Log;
	applicationName: string;
	/** Connections at most. */
	poolSize?: number;
	/** How long one statement may run. */
	statementTimeoutMs?: number;
}): Database<Tables> {
	const { url, schema, logger, applicationName, poolSize = 10, statementTimeoutMs = 30_000 } = options;
	const pool = new pg.Pool({
		...connectionOptions({ url, searchPath: schema }),
		application_name: applicationName,
		max: poolSize,
		connectionTimeoutMillis: connectTimeoutMs,
		idleTimeoutMillis: idleConnectionMs,
		keepAlive: true,
		statement_timeout: statementTimeoutMs,
		idle_in_transaction_session_timeout: idleTransactionMs,
		types: valueTypes,
	});
	const statementNameOf = createStatementNames();
	// Without this listener an idle connection that breaks would end the process.
	pool.on('error', (error) => logger.warn({ err: error }, 'lost an idle database connection'));
	// The same for a connection that is in use: its query fails anyway, and the pool replaces it.
	pool.on('connect', (client) => {
		client.on('error', (error) => logger.warn({ err: error }, 'lost a database connection'));
		prepareQueries(client, statementNameOf);
	});
	const connections = {
		options: pool.options,
		connect: () => pool.connect().catch(throwCertificateFault),
		end: () => pool.end(),
	};
	const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connections }) });
	return {
		db,
		async ping() {
			await pool.query('select 1');
		},
		connections: () => ({
			busy: pool.totalCount - pool.idleCount,
			idle: pool.idleCount,
			waiting: pool.waitingCount,
		}),
		[Symbol.asyncDispose]: () => db.destroy(),
	};
}
