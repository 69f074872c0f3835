import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, endProcess, processIdentity } from '../running-process.ts';

/**
 * What an earlier run left in a data directory that we hold the lock of:
 *
 * - a postmaster that is still running, for its supervisor was killed: it is ended, with its data in order;
 * - a `postmaster.pid` whose process is gone: Postgres sees that by itself;
 * - one whose number belongs to another process by now, or to a zombie: Postgres would refuse to start. It takes the number
 *   of its own parent for a stale one, so ours goes in its place, and the rest stays, for by the shared memory named there
 *   it notices backends that are still alive;
 * - an empty one, from a crash of the machine: it goes.
 */
export async function clearPredecessor(dataDir: string): Promise<'ended' | 'none'> {
	const pidFile = join(dataDir, 'postmaster.pid');
	const content = await readFile(pidFile, 'utf8').catch(() => undefined);
	if (content === undefined) return 'none';
	const pid = Number.parseInt(content, 10);
	if (Number.isNaN(pid)) {
		await rm(pidFile, { force: true });
		return 'none';
	}
	if ((await processIdentity(pid)) !== undefined && (await isPostmaster(pid, dataDir))) {
		await endProcess(pid, [
			{ signal: 'SIGINT', graceMs: 10_000 },
			{ signal: 'SIGQUIT', graceMs: 5_000 },
			{ signal: 'SIGKILL', graceMs: 5_000 },
		]);
		if ((await processIdentity(pid)) === undefined) await disown(pidFile);
		return 'ended';
	}
	await disown(pidFile);
	return 'none';
}

async function isPostmaster(pid: number, dataDir: string): Promise<boolean> {
	const command = await commandLine(pid);
	return command?.includes('postgres') === true && command.includes(`-D ${dataDir} `);
}

async function disown(pidFile: string): Promise<void> {
	const content = await readFile(pidFile, 'utf8').catch(() => undefined);
	if (content !== undefined) await writeFile(pidFile, content.replace(/^-?\d+/, String(process.pid)));
}
