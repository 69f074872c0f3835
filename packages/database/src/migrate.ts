import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { postgresCode } from './error-codes.ts';
import type { Log } from './log.ts';
import { assertRunnable, orderedNames, readApplied } from './migration-order.ts';

/** Names are `0001-what-it-does`, they run in the order of their numbers, and one that has run is never changed. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Processes of the last version go on running while a migration is applied, and may start again after it. So a migration adds;
 * what it takes away must be used by none of them any more (AGENTS.md: two releases).
 */
export type Migration = {
	/**
	 * For one that takes something away: the migration that came with the version which no longer uses it. Programs that do not
	 * know that one refuse the schema; all others run on what they do not know.
	 */
	needs?: string;
} & (
	| {
			// biome-ignore lint/suspicious/noExplicitAny: a migration works on tables of all times, no one type describes them.
			up(db: Transaction<any>): Promise<void>;
	  }
	| {
			/** Name → `on messages (user_id, jid)`, with `unique` before it where it is meant: made while the table is used. */
			indexes: Readonly<Record<string, string>>;
	  }
);

/** A statement that waits for a lock holds up all that come after it; it gives way and comes again. */
const lockTimeoutMs = 2_000;
const retryMs = 1_000;

/**
 * Brings a schema to the newest version of this program: forward only, each migration in its own transaction.
 *
 * Two replicas that start together are a handled case: an advisory lock for each schema, held by the session, lets one
 * migrate while the other waits and then finds nothing to do; when the first one dies, Postgres frees the lock. A backup holds
 * the same lock, shared. A migration that finds a table busy for two seconds lets the others pass and tries again.
 *
 * Throws when the schema lacks what this program uses (a newer version took it away), and when a new migration would have to
 * run before one that has run already. Rejects with the signal's reason when that fires while it waits for its turn.
 */
export async function migrate<Tables>(
	db: Kysely<Tables>,
	options: { schema: string; migrations: Migrations; logger: Log; signal?: AbortSignal },
): Promise<void> {
	const { schema, migrations, logger, signal } = options;
	const names = orderedNames(migrations);
	await db.connection().execute(async (connection) => {
		// Rebuilding a large table may take longer than any other statement.
		await sql`set statement_timeout = 0`.execute(connection);
		await sql`set lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(connection);
		await lockMigrations(connection, schema, signal);
		try {
			const applied = await readApplied(connection);
			const unknown = assertRunnable({ schema, names, applied });
			if (unknown > 0)
				logger.info({ schema, unknown }, 'the schema is of a newer version; this one runs on it');
			for (const name of names.slice(applied.length)) {
				await apply(connection, name, migrations[name], logger);
				logger.info({ schema, migration: name }, 'migrated');
			}
		} finally {
			await sql`select pg_advisory_unlock(${migrationLock(schema)})`.execute(connection);
			await sql`reset lock_timeout`.execute(connection);
			await sql`reset statement_timeout`.execute(connection);
		}
	});
}

/** The advisory lock (`hashtextextended` of it) that whoever changes a schema holds alone, and whoever copies it together with others. */
export function migrationLockName(schema: string): string {
	return `chat-manager/migrate/${schema}`;
}

function migrationLock(schema: string) {
	return sql`hashtextextended(${migrationLockName(schema)}, 0)`;
}

/** Asked for again and again: a statement that waits would itself be waited for by an index that is being made. */
async function lockMigrations<Tables>(
	db: Kysely<Tables>,
	schema: string,
	signal: AbortSignal | undefined,
): Promise<void> {
	for (;;) {
		signal?.throwIfAborted();
		const { rows } = await sql<{ locked: boolean }>`
			select pg_try_advisory_lock(${migrationLock(schema)}) as locked`.execute(db);
		if (rows[0]?.locked === true) return;
		await delay(100);
	}
}

async function apply<Tables>(
	db: Kysely<Tables>,
	name: string,
	migration: Migration | undefined,
	logger: Log,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			if (migration !== undefined) await applyOnce(db, name, migration);
			return;
		} catch (error) {
			if (!isBusy(error))
				throw new Error(`The migration "${name}" failed and was rolled back.`, { cause: error });
			if (attempt % 10 === 1) logger.warn({ migration: name, attempt }, 'a migration waits for a busy table');
			await delay(retryMs);
		}
	}
}

async function applyOnce<Tables>(db: Kysely<Tables>, name: string, migration: Migration): Promise<void> {
	const note = (connection: Kysely<Tables>) =>
		sql`insert into migrations (name, needs) values (${name}, ${migration.needs ?? null})`.execute(
			connection,
		);
	if ('indexes' in migration) {
		for (const [index, definition] of Object.entries(migration.indexes))
			await makeIndex(db, index, definition);
		await note(db);
		return;
	}
	await db.transaction().execute(async (transaction) => {
		await migration.up(transaction);
		await note(transaction);
	});
}

/** One that was left half made, by a crash or because it gave way, is of no use: it is made anew. */
async function makeIndex<Tables>(db: Kysely<Tables>, name: string, definition: string): Promise<void> {
	const [, unique = '', rest = ''] = /^(unique )?(.*)$/s.exec(definition) ?? [];
	await sql`drop index concurrently if exists ${sql.ref(name)}`.execute(db);
	await sql`create ${sql.raw(unique)}index concurrently ${sql.ref(name)} ${sql.raw(rest)}`.execute(db);
}

/** A lock was not to be had in time, or two waited for each other. */
function isBusy(error: unknown): boolean {
	const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
	return code === postgresCode.lockNotAvailable || code === postgresCode.deadlock;
}
