import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

const repository = join(import.meta.dirname, '../..');

type Ended = { code: number; output: string; fault: string };

/** `npm run backup -- FOLDER`, with nothing in its environment but these settings. */
export const take = (folder: string, settings: Record<string, string>) =>
	runCommand('packages/backup/src/backup.ts', [folder], settings);

/** `npm run restore -- …`, likewise. */
export const restore = (args: readonly string[], settings: Record<string, string>) =>
	runCommand('packages/backup/src/restore.ts', args, settings);

/** A command that says one sentence and does nothing. */
export const refused = (fault: string): Ended => ({
	code: 1,
	output: '',
	fault: expect.stringContaining(fault),
});

function runCommand(
	script: string,
	args: readonly string[],
	settings: Record<string, string>,
): Promise<Ended> {
	// biome-ignore lint/style/noProcessEnv: handed on, not read.
	const { PATH, HOME } = process.env;
	return new Promise((resolve) => {
		execFile(
			process.execPath,
			[join(repository, script), ...args],
			{ cwd: repository, env: { PATH, HOME, ...settings }, maxBuffer: 16 * 1024 * 1024 },
			(error, output, fault) => {
				const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
				resolve({ code, output, fault });
			},
		);
	});
}
