import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Processes that are not our children: known by a number that the system gives to another one later. Read from /proc where
 * there is one, else from `ps`. A zombie counts as gone: in a container nobody may ever reap it.
 */
const run = promisify(execFile);
const pollMs = 25;

/** What tells this process from a later one with the same number; undefined when it is gone. */
export async function processIdentity(pid: number): Promise<string | undefined> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
	// The second field is the name in brackets and may hold anything; state is the next, the start time the 20th from there.
	const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
	if (fields !== undefined) return fields[0] === 'Z' ? undefined : fields[19];
	if (process.platform === 'linux') return undefined;
	return (await ps(pid, 'lstart=')) ?? (await hasPid(pid));
}

/** The command line of a process, words separated by spaces. */
export async function commandLine(pid: number): Promise<string | undefined> {
	if (process.platform !== 'linux') return ps(pid, 'command=');
	const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
	return words?.replaceAll('\0', ' ').trim();
}

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
	const list =
		process.platform === 'linux'
			? await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
			: await run('pgrep', ['-P', String(pid)]).then(
					({ stdout }) => stdout,
					() => '',
				);
	return list.split(/\s+/).filter(Boolean).map(Number);
}

/** Ends a process: each signal gets its time to work before the next one. Resolves when it is gone. */
export async function endProcess(
	pid: number,
	steps: readonly { signal: NodeJS.Signals; graceMs: number }[],
): Promise<void> {
	const identity = await processIdentity(pid);
	for (const { signal, graceMs } of steps) {
		const deadline = performance.now() + graceMs;
		if ((await processIdentity(pid)) !== identity || identity === undefined) return;
		process.kill(pid, signal);
		while ((await processIdentity(pid)) === identity && performance.now() < deadline) await delay(pollMs);
	}
}

/** SIGKILL, for a process that may be gone already. */
export function endAtOnce(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch (error) {
		if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
	}
}

async function ps(pid: number, column: string): Promise<string | undefined> {
	const result = await run('ps', ['-ww', '-o', column, '-p', String(pid)]).catch(() => undefined);
	return result?.stdout.trim() || undefined;
}

/** Where there is no `ps` either (Windows) the number itself has to do. */
async function hasPid(pid: number): Promise<string | undefined> {
	try {
		process.kill(pid, 0);
		return String(pid);
	} catch {
		return undefined;
	}
}
