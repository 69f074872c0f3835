import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { AppError, type Invitation } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import type { IdentityDatabase } from '../database/identity-database.ts';
import {
	findInvitation,
	type InvitationRow,
	insertInvitation,
	takeInvitation,
} from '../database/invitations.ts';
import type { PublicUrl } from '../public-url.ts';

/**
 * Invitations: 256 random bits in a link, of which only the hash is kept. Whoever registers takes one out of the table before the
 * account is made, and it is put back when it is known that none was made. A crash in between, or a database that goes away, loses
 * the invitation; nothing lets two people in.
 */
export type Invitations = {
	/** Makes one, for an address or for anybody; what stands in its link. */
	create(wanted: { email: string | undefined; days: number }): Promise<{ token: string; expiresAt: Date }>;
	/** What one is good for; throws `forbidden` when for nothing (any more). */
	describe(token: string): Promise<Invitation>;
	/** Makes an account with one; `isRegistered` tells by the result whether there is one now. */
	redeem<T>(
		offered: { token: string | undefined; email: string },
		register: () => Promise<T>,
		isRegistered: (result: T) => Promise<boolean>,
	): Promise<T>;
};

const dayMs = 86_400_000;

export function createInvitations({
	database,
	clock,
}: {
	database: IdentityDatabase;
	clock: Clock;
}): Invitations {
	const now = () => new Date(clock.now());

	async function take(token: string, email: string): Promise<InvitationRow> {
		const secretHash = hashOf(token);
		const taken = await takeInvitation(database, { secretHash, email: email.toLowerCase(), now: now() });
		if (taken !== undefined) return taken;
		const other = await findInvitation(database, { secretHash, now: now() });
		throw new AppError('forbidden', other === undefined ? sentences.over : sentences.otherAddress);
	}

	return {
		async create({ email, days }) {
			const token = randomBytes(32).toString('base64url');
			const expiresAt = new Date(clock.now() + days * dayMs);
			await insertInvitation(database, {
				id: randomUUID(),
				secret_hash: hashOf(token),
				email: email?.toLowerCase() ?? null,
				created_at: now(),
				expires_at: expiresAt,
			});
			return { token, expiresAt };
		},
		async describe(token) {
			const row = await findInvitation(database, { secretHash: hashOf(token), now: now() });
			if (row === undefined) throw new AppError('forbidden', sentences.over);
			return { email: row.email, expiresAt: row.expires_at.toISOString() };
		},
		async redeem({ token, email }, register, isRegistered) {
			if (token === undefined) throw new AppError('forbidden', sentences.missing);
			const taken = await take(token, email);
			try {
				const result = await register();
				if (!(await isRegistered(result))) await insertInvitation(database, taken);
				return result;
			} catch (error) {
				if (isRefusal(error)) await insertInvitation(database, taken);
				throw error;
			}
		},
	};
}

/** Where an account is made with it. The token stands behind the #, which no browser sends to any server. */
export function invitationUrl({ origin }: PublicUrl, token: string): string {
	return `${origin}/app/sign-up#invitation=${encodeURIComponent(token)}`;
}

/** Whether an error says that nothing was done, not only that nobody knows. */
function isRefusal(error: unknown): boolean {
	return error instanceof AppError && error.code !== 'unavailable' && error.code !== 'internal';
}

/** A plain hash is enough: the token is random, there is nothing to guess. */
function hashOf(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

const sentences = {
	missing:
		'New accounts are made by invitation only. Ask the operator of this installation for one, and open its link.',
	over: 'This invitation was used before or taken back, or its time is over. Ask the operator of this installation for a new one.',
	otherAddress: 'This invitation is for another e-mail address. Use the one to which it was given.',
};
