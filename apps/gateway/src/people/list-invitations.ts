import type { Logger } from '@chat-manager/service';
import type { Settings } from '../config.ts';
import { openIdentityDatabase } from '../database/identity-database.ts';
import { deleteInvitations, type OpenInvitation, selectInvitations } from '../database/invitations.ts';

/** How long Postgres is waited for. */
const patienceMs = 30_000;

/** For an operator: the invitations that can still be used, the oldest first. Their links are not known any more. */
export async function listInvitations(
	settings: Settings,
	{ logger }: { logger: Logger },
): Promise<OpenInvitation[]> {
	await using database = await open(settings, logger);
	return await selectInvitations(database, new Date());
}

/** For an operator: takes back the one with this id, or all for this address; how many they were. */
export async function revokeInvitations(
	settings: Settings,
	{ which, logger }: { which: string; logger: Logger },
): Promise<number> {
	await using database = await open(settings, logger);
	return await deleteInvitations(database, { idOrEmail: which.toLowerCase() });
}

async function open(settings: Settings, logger: Logger) {
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
