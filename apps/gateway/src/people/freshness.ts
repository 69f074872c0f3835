import { AppError } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findProof } from '../database/sessions.ts';

/** For how long after somebody said who they are they may change what a session that was left open must not change. */
const freshMs = 5 * 60_000;

/** Refuses, with `session_not_fresh`, a session whose person did not say lately who they are. */
export async function assertFresh(
	{ database, clock }: { database: IdentityDatabase; clock: Clock },
	session: { id: string; userId: string },
): Promise<void> {
	const at = await findProof(database, session);
	if (at !== undefined && clock.now() - at.getTime() < freshMs) return;
	throw new AppError(
		'session_not_fresh',
		'Confirm with your password or a passkey that it is you, then do it again.',
	);
}
