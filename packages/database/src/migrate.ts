import { type Kysely, sql, type Transaction } from 'kysely';
import type { Log } from './log.ts';

/** Names are `0001-what-it-does`, they run in the order of their numbers, and one that has run is never changed. */
export type Migrations = Readonly<Record<string, Migration>>;

export type Migration = {
	// biome-ignore lint/suspicious/noExplicitAny: a migration works on tables of all times, no one type describes them.
	up(db: Transaction<any>): Promise<void>;
};

/**
 * Brings a schema to the newest version of this program: forward only, each migration in its own transaction.
 *
 * Two replicas that start together are a handled case: an advisory lock for each schema, held by the session, lets one
 * migrate while the other waits and then finds nothing to do; when the first one dies, Postgres frees the lock.
 *
 * Throws when the schema knows a migration that this program does not (it is older than the data), and when a new
 * migration would have to run before one that has run already.
 */
export async function migrate<Tables>(
	db: Kysely<Tables>,
	options: { schema: string; migrations: Migrations; logger: Log },
): Promise<void> {
	const { schema, migrations, logger } = options;
	const names = orderedNames(migrations);
	await db.connection().execute(async (connection) => {
		const lock = sql`hashtextextended(${`chat-manager/migrate/${schema}`}, 0)`;
		// Waiting for the other replica and rebuilding a large table may both take longer than any other statement.
		await sql`set statement_timeout = 0`.execute(connection);
		await sql`select pg_advisory_lock(${lock})`.execute(connection);
		try {
			const applied = await readApplied(connection);
			assertKnown({ schema, names, applied });
			for (const name of names.slice(applied.length)) {
				await apply(connection, name, migrations[name]);
				logger.info({ schema, migration: name }, 'migrated');
			}
		} finally {
			await sql`select pg_advisory_unlock(${lock})`.execute(connection);
			await sql`reset statement_timeout`.execute(connection);
		}
	});
}

function orderedNames(migrations: Migrations): string[] {
	const names = Object.keys(migrations).sort();
	for (const [index, name] of names.entries()) {
		const [number] = /^\d{4}(?=-[a-z0-9-]+$)/.exec(name) ?? [];
		if (number === undefined)
			throw new Error(`The migration "${name}" must be named like 0001-what-it-does.`);
		if (names[index - 1]?.startsWith(`${number}-`) === true)
			throw new Error(`Two migrations have the number ${number}.`);
	}
	return names;
}

async function readApplied<Tables>(db: Kysely<Tables>): Promise<string[]> {
	await sql`
		create table if not exists migrations (
			name text primary key,
			applied_at timestamptz not null default now()
		)`.execute(db);
	const { rows } = await sql<{ name: string }>`select name from migrations order by name collate "C"`.execute(
		db,
	);
	return rows.map((row) => row.name);
}

/** What has run must be the beginning of what this program knows. */
function assertKnown(state: { schema: string; names: readonly string[]; applied: readonly string[] }): void {
	const { schema, names, applied } = state;
	const unknown = applied.find((name) => !names.includes(name));
	if (unknown !== undefined)
		throw new Error(
			`The schema "${schema}" was migrated by a newer version of this program ("${unknown}" is not known here): start that version or a later one.`,
		);
	const late = names.find((name, index) => index < applied.length && !applied.includes(name));
	if (late !== undefined)
		throw new Error(
			`The migration "${late}" is new but stands before ones that have already run in "${schema}": give it the next number.`,
		);
}

async function apply<Tables>(
	db: Kysely<Tables>,
	name: string,
	migration: Migration | undefined,
): Promise<void> {
	try {
		await db.transaction().execute(async (transaction) => {
			await migration?.up(transaction);
			await sql`insert into migrations (name) values (${name})`.execute(transaction);
		});
	} catch (error) {
		throw new Error(`The migration "${name}" failed and was rolled back.`, { cause: error });
	}
}
