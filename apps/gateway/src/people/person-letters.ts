import { randomUUID } from 'node:crypto';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findPerson } from '../database/people.ts';
import type { NoticeKind } from '../mail/letter-words.ts';
import { type Letter, noticeLetter, type Recipient, resetLetter } from '../mail/letters.ts';
import type { PostOffice } from '../mail/post-office.ts';
import type { PublicUrl } from '../public-url.ts';

/** What people are told by mail of their own sign-in, in their language. */
export type PersonLetters = {
	/** The link that replaces a forgotten password. */
	sendReset(userId: string, token: string): Promise<void>;
	sendNotice(userId: string, kind: NoticeKind): Promise<void>;
};

export function createPersonLetters({
	database,
	postOffice,
	publicUrl,
}: {
	database: IdentityDatabase;
	postOffice: PostOffice;
	publicUrl: PublicUrl;
}): PersonLetters {
	async function post(userId: string, write: (to: Recipient) => Letter): Promise<void> {
		const person = await findPerson(database, userId);
		if (person === undefined) return;
		await postOffice.post({ id: randomUUID(), userId, recipient: person.email, letter: write(person) });
	}

	return {
		sendReset(userId, token) {
			return post(userId, (to) => resetLetter(to, resetUrl(publicUrl, token)));
		},
		sendNotice: (userId, kind) =>
			post(userId, (to) => noticeLetter(to, kind, `${publicUrl.origin}/app/settings/account`)),
	};
}

/** Where a new password is chosen. The token stands behind the #, which no browser sends to any server. */
export function resetUrl({ origin }: PublicUrl, token: string): string {
	return `${origin}/app/reset-password#token=${encodeURIComponent(token)}`;
}
