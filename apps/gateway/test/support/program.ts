import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';

/** Where `npx` finds what is installed here. */
export const root = new URL('../../../../', import.meta.url).pathname;
/** A home of its own, so that a client neither finds nor leaves anything; the PATH has Node and npx. */
export const programEnv = (home: string): Record<string, string> => ({
	HOME: home,
	PATH: `${root}node_modules/.bin:/usr/local/bin:/usr/bin:/bin`,
	NO_COLOR: '1',
	npm_config_update_notifier: 'false',
});

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs a client of another vendor to its end. */
export async function runProgram(args: readonly string[], home: string): Promise<Ran> {
	const child = spawn(process.execPath, [...args], {
		cwd: root,
		env: programEnv(home),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
	return { code, stdout, stderr };
}

/** Starts one that does not end by itself, and waits until it has written what is looked for; returns all that it wrote. */
export async function watchProgram(
	command: string,
	args: readonly string[],
	home: string,
	wanted: RegExp,
): Promise<string> {
	const child = spawn(command, [...args], {
		cwd: root,
		env: programEnv(home),
		stdio: ['pipe', 'pipe', 'pipe'],
		detached: true,
	});
	let written = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => {
			written += chunk.toString();
		});
	const closed = new Promise((resolve) => child.once('close', resolve));
	try {
		await vi.waitFor(
			() => {
				if (!wanted.test(written)) throw new Error(`Not written yet:\n${written}`);
			},
			{ timeout: 45_000, interval: 50 },
		);
		return written;
	} finally {
		// The whole group: npx starts the bridge as a child of a shell.
		if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
		await closed;
	}
}
