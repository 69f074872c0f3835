import type { IdentityDatabase } from './identity-database.ts';

export type SessionRow = {
	readonly id: string;
	readonly createdAt: Date;
	readonly lastSeenAt: Date;
	readonly address: string | null;
	readonly userAgent: string | null;
};

/** Sessions that last, the newest first. */
export async function listSessions(
	{ db, ask }: IdentityDatabase,
	userId: string,
	now: Date,
): Promise<SessionRow[]> {
	return await ask(() =>
		db
			.selectFrom('sessions')
			.select(['id', 'createdAt', 'updatedAt as lastSeenAt', 'ipAddress as address', 'userAgent'])
			.where('userId', '=', userId)
			.where('expiresAt', '>', now)
			.orderBy('createdAt', 'desc')
			.limit(100)
			.execute(),
	);
}

/** When the person of a session last said who they are; undefined for a session that is gone. */
export async function findProof(
	{ db, ask }: IdentityDatabase,
	{ id, userId }: { id: string; userId: string },
): Promise<Date | undefined> {
	const row = await ask(() =>
		db
			.selectFrom('sessions')
			.select(['createdAt', 'confirmed_at'])
			.where('id', '=', id)
			.where('userId', '=', userId)
			.executeTakeFirst(),
	);
	return row?.confirmed_at ?? row?.createdAt;
}

/** Notes that they said it now. */
export async function noteProof(
	{ db, ask }: IdentityDatabase,
	{ id, userId, at }: { id: string; userId: string; at: Date },
): Promise<void> {
	await ask(() =>
		db
			.updateTable('sessions')
			.set({ confirmed_at: at })
			.where('id', '=', id)
			.where('userId', '=', userId)
			.execute(),
	);
}

/** Ends one session; false when the user has no such one. */
export async function deleteSession(
	{ db, ask }: IdentityDatabase,
	{ id, userId }: { id: string; userId: string },
): Promise<boolean> {
	const { numDeletedRows } = await ask(() =>
		db.deleteFrom('sessions').where('id', '=', id).where('userId', '=', userId).executeTakeFirst(),
	);
	return numDeletedRows > 0n;
}
