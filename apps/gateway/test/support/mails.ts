import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { SMTPServer } from 'smtp-server';
import { expect, vi } from 'vitest';

export type MailFolder = {
	/** For `CM_MAIL_URL`. */
	readonly url: string;
	/** Every mail to an address, the oldest first. */
	to(address: string): Promise<string[]>;
	/** The one mail to it with these words; waits until it is there. */
	find(address: string, words: string): Promise<string>;
};

/** A folder into which mails are written instead of being sent. */
export async function openMailFolder(): Promise<MailFolder> {
	const folder = await mkdtemp(join(tmpdir(), 'cm-mails-'));
	async function to(address: string): Promise<string[]> {
		const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
		const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
		return mails.filter((mail) => mail.includes(`\nTo: ${address}\n`));
	}
	return {
		url: pathToFileURL(folder).href,
		to,
		async find(address, words) {
			return await vi.waitFor(
				async () => {
					const found = (await to(address)).filter((mail) => mail.includes(words));
					expect(found, `mails with “${words}”`).toHaveLength(1);
					return found[0] ?? '';
				},
				{ timeout: 20_000, interval: 20 },
			);
		},
	};
}

/** The token in the link of a mail. */
export function tokenIn(mail: string): string {
	return decodeURIComponent(/#token=(\S+)/.exec(mail)?.[1] ?? '');
}

export type MailServer = AsyncDisposable & {
	/** For `CM_MAIL_URL`. */
	readonly url: string;
	/** What came in, as it stood on the wire. */
	readonly mails: readonly string[];
	/** Refuses the next ones. */
	refuse(count: number): void;
};

/** A real mail server that wants a password. */
export async function startMailServer(): Promise<MailServer> {
	const mails: string[] = [];
	let refusals = 0;
	const server = new SMTPServer({
		disabledCommands: ['STARTTLS'],
		allowInsecureAuth: true,
		onAuth: ({ username, password }, _session, done) =>
			username === 'cm' && password === 'mail-server-password'
				? done(null, { user: username })
				: done(new Error('535 wrong password')),
		onData(stream, _session, done) {
			text(stream).then((mail) => {
				if (refusals-- > 0) return done(new Error('451 try again later'));
				mails.push(mail);
				done();
			}, done);
		},
	});
	server.listen(0, '127.0.0.1');
	await once(server.server, 'listening');
	const address = server.server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {
		url: `smtp://cm:mail-server-password@127.0.0.1:${port}`,
		mails,
		refuse(count) {
			refusals = count;
		},
		[Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
	};
}
