import { createSecretKey } from 'node:crypto';
import { languages } from '@chat-manager/contracts';
import { type Clock, createEnvelope, type Logger, type Timer } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { deriveKey } from '../audit/digest.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import {
	finishMail,
	insertMail,
	leaseMails,
	type OutgoingMail,
	postponeMail,
	pruneMails,
} from '../database/outgoing-mails.ts';
import type { Tables } from '../database/tables.ts';
import type { Letter } from './letters.ts';
import type { Mailer } from './mailer.ts';

/**
 * Mails on their way. One is written down before anything is answered, and sent from there: by any replica, again after a
 * failure, and never once more when it went. A crash between the mail server's word and the note of it sends it again, under the
 * same Message-ID.
 */
export type PostOffice = AsyncDisposable & {
	/** Whether mails are sent at all. */
	readonly isOpen: boolean;
	/** Resolves when it is written down, in a transaction if one is given. The same id again changes nothing. */
	post(
		mail: { id: string; userId: string | null; recipient: string; letter: Letter },
		within?: Kysely<Tables>,
	): Promise<void>;
	/** Sends what waits, now: after the transaction in which it was written down. */
	wake(): void;
};

const lookEveryMs = 15_000;
const leaseMs = 120_000;
/** After which something that is away is asked again. */
const awayMs = 2_000;
const maxBatch = 20;
/** After each failed attempt; beyond the last one a mail is given up. */
const delaysMs = [
	1_000,
	15_000,
	60_000,
	5 * 60_000,
	30 * 60_000,
	2 * 3_600_000,
	6 * 3_600_000,
	18 * 3_600_000,
];
/** Longer than the stream keeps the events that mails are made of. */
const rememberMs = 7 * 24 * 3_600_000;

export function openPostOffice(options: {
	database: IdentityDatabase;
	/** Undefined: no mails are sent. */
	mailer: Mailer | undefined;
	/** Seals what waits. */
	secret: string;
	clock: Clock;
	logger: Logger;
}): PostOffice {
	const { database, mailer, clock, logger } = options;
	const key = createSecretKey(deriveKey(options.secret, 'letters'));
	const envelope = createEnvelope({ masterKeys: [{ name: 'letters', key }] });
	let sending: Promise<void> | undefined;
	let isWanted = false;
	let closed = false;
	let timer: Timer | undefined;
	/** For a mail that is tried again sooner than the next look. */
	let retry: Timer | undefined;
	if (mailer !== undefined) tick();

	function tick(): void {
		timer = clock.setTimeout(tick, lookEveryMs);
		wake();
	}

	/** Sends what is due; somebody who asks meanwhile makes it look once more. */
	function wake(): void {
		if (mailer === undefined) return;
		isWanted = true;
		sending ??= sendAll().finally(() => {
			sending = undefined;
		});
	}

	async function sendAll(): Promise<void> {
		try {
			while (isWanted && !closed) {
				isWanted = false;
				const now = new Date(clock.now());
				const until = new Date(clock.now() + leaseMs);
				const mails = await leaseMails(database, { now, until, max: maxBatch });
				for (const mail of mails) await sendOne(mail);
				if (mails.length === maxBatch) isWanted = true;
				await pruneMails(database, new Date(clock.now() - rememberMs));
			}
		} catch (error) {
			if (closed) return;
			logger.warn({ err: error }, 'mails wait; they are tried again in a moment');
			clock.clearTimeout(retry);
			retry = clock.setTimeout(wake, awayMs);
		}
	}

	async function sendOne(mail: OutgoingMail): Promise<void> {
		try {
			const letter = open(mail);
			await mailer?.send({ id: mail.id, to: mail.recipient, letter });
		} catch (error) {
			const delayMs = delaysMs[mail.attempts - 1];
			logger.warn({ err: error, mail: mail.id, attempts: mail.attempts, delayMs }, 'a mail was not sent');
			if (delayMs !== undefined) return await putOff(mail, delayMs);
		}
		await finishMail(database, mail);
	}

	async function putOff(mail: OutgoingMail, delayMs: number): Promise<void> {
		await postponeMail(database, mail, new Date(clock.now() + delayMs));
		if (delayMs >= lookEveryMs || closed) return;
		clock.clearTimeout(retry);
		retry = clock.setTimeout(wake, delayMs);
	}

	function open({ id, letter }: OutgoingMail): Letter {
		return StoredLetter.parse(JSON.parse(envelope.open(key, letter, id).toString()));
	}

	return {
		isOpen: mailer !== undefined,
		wake,
		async post({ id, letter, ...rest }, within) {
			if (mailer === undefined) return;
			const sealed = envelope.seal(key, Buffer.from(JSON.stringify(letter)), id);
			await insertMail(database, { id, letter: sealed, ...rest, now: new Date(clock.now()) }, within);
			if (within === undefined) wake();
		},
		async [Symbol.asyncDispose]() {
			closed = true;
			clock.clearTimeout(timer);
			await sending;
			clock.clearTimeout(retry);
			await mailer?.[Symbol.asyncDispose]();
		},
	};
}

const StoredLetter: z.ZodType<Letter> = z.object({
	language: z.enum(languages),
	subject: z.string(),
	greeting: z.string(),
	paragraphs: z.array(z.string()),
	button: z.object({ label: z.string(), url: z.string() }).exactOptional(),
	closing: z.string(),
});
