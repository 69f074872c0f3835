import type { Logger } from '@chat-manager/service';
import type { Settings } from '../config.ts';
import { type IdentityDatabase, openIdentityDatabase } from '../database/identity-database.ts';

/** How long Postgres is waited for. */
const patienceMs = 30_000;

/** The database of the gateway, for a command of an operator. Throws when Postgres does not answer in time, or refuses. */
export async function openForCommand(settings: Settings, logger: Logger): Promise<IdentityDatabase> {
	const { DATABASE_URL: url, DATABASE_SCHEMA: schema } = settings;
	const database = openIdentityDatabase({ url, schema, logger });
	try {
		await database.prepare(AbortSignal.timeout(patienceMs));
		return database;
	} catch (error) {
		await database[Symbol.asyncDispose]();
		throw error;
	}
}
