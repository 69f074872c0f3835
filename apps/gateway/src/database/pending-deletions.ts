import { type Kysely, sql } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

export type PendingDeletion = {
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly language: string | null;
	readonly requestedAt: Date;
	/** Services that have not said yet that they are done. */
	readonly waitingFor: string[];
};

const columns = sql.raw(`
	user_id as "userId", email, name, language, requested_at as "requestedAt", waiting_for as "waitingFor"`);

/** Writes down that an account is to be deleted. From here on it will be, whatever crashes. */
export async function insertPendingDeletion(
	{ db, ask }: IdentityDatabase,
	deletion: { userId: string; waitingFor: readonly string[]; now: Date },
): Promise<void> {
	const { userId, waitingFor, now } = deletion;
	await ask(() =>
		sql`
			insert into pending_deletions (user_id, email, name, language, requested_at, waiting_for)
			select id, email, name, language, ${now}, ${waitingFor}::text[] from people where id = ${userId}
			on conflict do nothing`.execute(db),
	);
}

/** Accounts that are still being deleted, of all people. */
export async function listPendingDeletions({ db, ask }: IdentityDatabase): Promise<PendingDeletion[]> {
	const { rows } = await ask(() =>
		sql<PendingDeletion>`
			select ${columns} from pending_deletions order by requested_at limit 100`.execute(db),
	);
	return rows;
}

/** Notes that a service is done; what then remains, undefined for an account that is not being deleted. */
export async function noteErased(
	{ db, ask }: IdentityDatabase,
	{ userId, service }: { userId: string; service: string },
): Promise<PendingDeletion | undefined> {
	const { rows } = await ask(() =>
		sql<PendingDeletion>`
			update pending_deletions set waiting_for = array_remove(waiting_for, ${service})
			where user_id = ${userId} returning ${columns}`.execute(db),
	);
	return rows[0];
}

/**
 * Deletes an account with all that the gateway keeps of it: what refers to the person goes with the row, and what better-auth
 * keeps by value (links, challenges, trusted browsers) is looked for, as are invitations for the person's address. Again changes
 * nothing.
 */
export async function erasePerson({ db, ask }: IdentityDatabase, userId: string): Promise<void> {
	await ask(() =>
		sql`
			delete from invitations where email in (
				select email from people where id = ${userId}
				union all select email from pending_deletions where user_id = ${userId}
			)`.execute(db),
	);
	await ask(() => sql`delete from people where id = ${userId}`.execute(db));
	await ask(() => sql`delete from verifications where strpos(value, ${userId}) > 0`.execute(db));
}

/** Ends a deletion, in a transaction; false when somebody else did. */
export async function deletePendingDeletion(transaction: Kysely<Tables>, userId: string): Promise<boolean> {
	const { numAffectedRows = 0n } = await sql`
		delete from pending_deletions where user_id = ${userId}`.execute(transaction);
	return numAffectedRows > 0n;
}
