import { createTransport } from 'nodemailer';
import type { Letter } from './letters.ts';
import { renderHtml, renderText } from './render-letter.ts';
import { writeMailFile } from './write-mail-file.ts';

export type Mail = {
	to: string;
	letter: Letter;
	/** The same for each attempt to send one mail: receivers recognise a repeat by it. */
	id: string;
};

/** Sends mails. */
export type Mailer = AsyncDisposable & {
	/** Resolves when the mail server took it; throws what it said otherwise. */
	send(mail: Mail): Promise<void>;
};

/** How long a mail server may take for one step, before the mail is tried again. */
const timeoutMs = 15_000;

/**
 * By SMTP, or, for a `file:` URL, into a folder: a file for each mail, for somebody who develops.
 *
 * @param url smtp://, smtps:// (with user and password, where the server wants them) or file://
 * @param from The sender as mails show it.
 * @param domain Of the installation, for the ids of mails.
 */
export function createMailer({ url, from, domain }: { url: string; from: string; domain: string }): Mailer {
	const { protocol } = new URL(url);
	if (protocol === 'file:')
		return {
			send: ({ to, letter }) => writeMailFile(new URL(url), { from, to, letter }),
			[Symbol.asyncDispose]: async () => undefined,
		};
	const transport = createTransport({
		url,
		pool: true,
		maxConnections: 2,
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		// A letter is text that we wrote: nothing of it may read a file or an address.
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	return {
		async send({ to, letter, id }) {
			await transport.sendMail({
				from,
				// As an object: an address is never read as a list of them.
				to: { name: '', address: to },
				subject: letter.subject,
				text: renderText(letter),
				html: renderHtml(letter),
				messageId: `<${id}@${domain}>`,
				headers: { 'Auto-Submitted': 'auto-generated' },
			});
		},
		async [Symbol.asyncDispose]() {
			transport.close();
		},
	};
}
