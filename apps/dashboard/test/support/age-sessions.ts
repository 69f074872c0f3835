import { openDatabase } from '@chat-manager/database';
import { createLogger } from '@chat-manager/service';
import { sql } from 'kysely';
import type { Dashboard } from './dashboard.ts';

/** Lets the sessions of somebody be an hour old, as if they had been left open. */
export async function ageSessions({ system }: Dashboard, email: string): Promise<void> {
	await using database = openDatabase({
		url: system.gatewayDatabaseUrl,
		schema: 'identity',
		logger: createLogger({ name: 'test', level: 'silent' }),
		applicationName: 'test',
	});
	await sql`
		update sessions set "createdAt" = "createdAt" - interval '1 hour', confirmed_at = null
		where "userId" in (select id from people where email = ${email})`.execute(database.db);
}
