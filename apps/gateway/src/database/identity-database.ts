import { AppError } from '@chat-manager/contracts';
import {
	type Database,
	isConnectionError,
	migrate,
	openDatabase,
	waitForDatabase,
} from '@chat-manager/database';
import type { Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { migrations } from './migrations.ts';
import type { Tables } from './tables.ts';

/** How long a request waits for Postgres before its caller is told. */
const patienceMs = 5_000;

export type IdentityDatabase = AsyncDisposable & {
	readonly db: Kysely<Tables>;
	/** Runs a query; throws `unavailable` when Postgres is away, does not answer, or is not migrated yet. */
	ask<T>(query: () => Promise<T>): Promise<T>;
	/** Waits for Postgres, then migrates. Until then everything that is asked is `unavailable`. */
	prepare(signal: AbortSignal): Promise<void>;
	/** `ok`, or a word for what is wrong. */
	state(): Promise<string>;
	connections: Database<Tables>['connections'];
};

export function openIdentityDatabase(options: {
	url: string;
	schema: string;
	logger: Logger;
}): IdentityDatabase {
	const { schema, logger } = options;
	const database: Database<Tables> = openDatabase<Tables>({ ...options, applicationName: 'gateway' });
	let isPrepared = false;
	return {
		db: database.db,
		async ask(query) {
			if (!isPrepared) throw databaseAway();
			try {
				return await inTime(query());
			} catch (error) {
				throw isConnectionError(error) ? databaseAway(error) : error;
			}
		},
		async prepare(signal) {
			await waitForDatabase(database, { logger, signal });
			await migrate(database.db, { schema, migrations, logger, signal });
			isPrepared = true;
		},
		async state() {
			if (!isPrepared) return 'starting';
			return await inTime(database.ping()).then(
				() => 'ok',
				() => 'unavailable',
			);
		},
		connections: database.connections,
		[Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
	};
}

async function inTime<T>(query: Promise<T>): Promise<T> {
	const { promise: late, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(() => reject(databaseAway()), patienceMs);
	try {
		return await Promise.race([query, late]);
	} finally {
		clearTimeout(timer);
	}
}

function databaseAway(cause?: unknown): AppError {
	return new AppError(
		'unavailable',
		'Accounts and access tokens cannot be looked up at the moment. Nothing was done; try again in a moment.',
		{ cause, retryAfterMs: 2_000 },
	);
}
