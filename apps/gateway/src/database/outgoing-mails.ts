import { type Kysely, sql } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

export type OutgoingMail = {
	readonly id: string;
	/** Null when the account is gone. */
	readonly userId: string | null;
	readonly recipient: string;
	/** Sealed: it may hold a link that lets in whoever has it. */
	readonly letter: Buffer;
	readonly attempts: number;
};

/** Puts a mail on its way, in a transaction if one is given. One with an id that was here before changes nothing. */
export async function insertMail(
	{ db, ask }: IdentityDatabase,
	mail: Omit<OutgoingMail, 'attempts'> & { now: Date },
	within: Kysely<Tables> = db,
): Promise<void> {
	await ask(() =>
		sql`
			insert into outgoing_mails (id, user_id, recipient, letter, created_at, due_at)
			values (${mail.id}, ${mail.userId}, ${mail.recipient}, ${mail.letter}, ${mail.now}, ${mail.now})
			on conflict do nothing`.execute(within),
	);
}

/**
 * Takes some mails that are due, of all people, and puts them off to a moment by which they should be sent: another replica
 * does not take them meanwhile, and takes them then if this one died.
 */
export async function leaseMails(
	{ db, ask }: IdentityDatabase,
	{ now, until, max }: { now: Date; until: Date; max: number },
): Promise<OutgoingMail[]> {
	const { rows } = await ask(() =>
		sql<OutgoingMail>`
			update outgoing_mails set due_at = ${until}, attempts = attempts + 1
			where id in (
				select id from outgoing_mails where due_at <= ${now}
				order by due_at limit ${max} for update skip locked
			)
			returning id, user_id as "userId", recipient, letter, attempts`.execute(db),
	);
	return rows;
}

/** Nothing but the id is kept of a mail that went, or was given up. */
export async function finishMail({ db, ask }: IdentityDatabase, { id, userId }: OutgoingMail): Promise<void> {
	await ask(() =>
		userId === null
			? sql`delete from outgoing_mails where id = ${id} and user_id is null`.execute(db)
			: sql`
				update outgoing_mails set recipient = null, letter = null, due_at = null
				where id = ${id} and user_id = ${userId}`.execute(db),
	);
}

export async function postponeMail(
	{ db, ask }: IdentityDatabase,
	{ id, userId }: OutgoingMail,
	until: Date,
): Promise<void> {
	await ask(() =>
		sql`
			update outgoing_mails set due_at = ${until}
			where id = ${id} and user_id is not distinct from ${userId} and due_at is not null`.execute(db),
	);
}

/** Forgets the ids of mails that went, of all people, once nothing asks for them again. */
export async function pruneMails({ db, ask }: IdentityDatabase, before: Date): Promise<void> {
	await ask(() =>
		sql`delete from outgoing_mails where created_at < ${before} and due_at is null`.execute(db),
	);
}
