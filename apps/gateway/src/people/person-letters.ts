import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findPerson, type Person } from '../database/people.ts';
import type { Tables } from '../database/tables.ts';
import type { NoticeKind } from '../mail/letter-words.ts';
import {
	confirmationLetter,
	emailChangedLetter,
	type Letter,
	noticeLetter,
	resetLetter,
} from '../mail/letters.ts';
import type { PostOffice } from '../mail/post-office.ts';
import type { PublicUrl } from '../public-url.ts';

/** What people are told by mail of their own sign-in, in their language. */
export type PersonLetters = {
	/** The link that replaces a forgotten password. */
	sendReset(userId: string, token: string): Promise<void>;
	/** In a transaction if one is given; `wake` after it. */
	sendNotice(userId: string, kind: NoticeKind, within?: Kysely<Tables>): Promise<void>;
	/** The link that confirms an address, to that address. */
	sendConfirmation(userId: string, email: string, token: string): Promise<void>;
	/** Tells at the address that somebody has which one takes its place, in the transaction in which it does; `wake` after it. */
	tellFormerAddress(person: Person, newEmail: string, within: Kysely<Tables>): Promise<void>;
	/** Sends at once what a transaction has written down. */
	wake(): void;
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
	/** To the person's own address unless another one is named. */
	async function post(
		userId: string,
		write: (to: Person) => Letter,
		{ address, within }: { address?: string; within?: Kysely<Tables> | undefined } = {},
	): Promise<void> {
		const person = await findPerson(database, userId);
		if (person === undefined) return;
		const recipient = address ?? person.email;
		await postOffice.post({ id: randomUUID(), userId, recipient, letter: write(person) }, within);
	}

	return {
		sendReset(userId, token) {
			return post(userId, (to) => resetLetter(to, resetUrl(publicUrl, token)));
		},
		sendNotice: (userId, kind, within) =>
			post(userId, (to) => noticeLetter(to, kind, `${publicUrl.origin}/app/settings/account`), { within }),
		sendConfirmation(userId, email, token) {
			const url = `${publicUrl.origin}/app/confirm-email#token=${encodeURIComponent(token)}`;
			return post(userId, (to) => confirmationLetter(to, url), { address: email });
		},
		tellFormerAddress: (person, newEmail, within) =>
			postOffice.post(
				{
					id: randomUUID(),
					userId: person.id,
					recipient: person.email,
					letter: emailChangedLetter(person, newEmail),
				},
				within,
			),
		wake: () => postOffice.wake(),
	};
}

/** Where a new password is chosen. The token stands behind the #, which no browser sends to any server. */
export function resetUrl({ origin }: PublicUrl, token: string): string {
	return `${origin}/app/reset-password#token=${encodeURIComponent(token)}`;
}
