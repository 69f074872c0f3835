import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Letter } from './letters.ts';
import { renderText } from './render-letter.ts';

/** Puts a mail into a folder instead of sending it: the name begins with the time, so that the newest is the last. */
export async function writeMailFile(
	folder: URL,
	{ from, to, letter }: { from: string; to: string; letter: Letter },
): Promise<void> {
	const path = fileURLToPath(folder);
	// It may hold a link that lets in whoever has it.
	await mkdir(path, { recursive: true, mode: 0o700 });
	const time = new Date().toISOString().replace(/[:.]/g, '-');
	const name = `${time}-${to.replace(/[^A-Za-z0-9@._-]/g, '_')}-${randomUUID().slice(0, 8)}.txt`;
	const text = `From: ${from}\nTo: ${to}\nSubject: ${letter.subject}\n\n${renderText(letter)}`;
	// Renamed into place: whoever watches the folder never sees half a mail.
	await writeFile(`${path}/.${name}`, text, { mode: 0o600 });
	await rename(`${path}/.${name}`, `${path}/${name}`);
}
