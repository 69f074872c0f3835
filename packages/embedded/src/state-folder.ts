import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { processIdentity } from './running-process.ts';
import { folderFault, StartError } from './start-error.ts';

/** Makes a folder and those above it; its faults are one sentence each. */
export async function makeFolder(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
	} catch (error) {
		throw folderFault(error, folder) ?? error;
	}
}

/**
 * Takes a data folder for this process, by a file beside it that names the holder. The lock of a process that is gone is
 * taken over, so a server found running on the folder afterwards is an orphan. Throws when somebody else has it.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
	const lockFile = `${folder}.lock`;
	const mine = await lockContent(process.pid);
	await makeFolder(dirname(folder));
	try {
		if (!(await createFile(lockFile, mine))) await takeOver(lockFile, mine, folder);
	} catch (error) {
		throw folderFault(error, dirname(folder)) ?? error;
	}
	return { [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
}

async function takeOver(lockFile: string, mine: string, folder: string): Promise<void> {
	const theirs = await readFile(lockFile, 'utf8');
	const pid = Number.parseInt(theirs, 10);
	if (theirs === (await lockContent(pid)))
		throw new StartError(`The folder ${folder} is in use by process ${pid}: end that process first.`);
	const next = `${lockFile}.${process.pid}`;
	await writeFile(next, mine);
	await rename(next, lockFile);
}

/** A process by its number and what tells it from a later one of that number. */
async function lockContent(pid: number): Promise<string> {
	return `${pid} ${(await processIdentity(pid)) ?? 'gone'}\n`;
}

/** False when the file is there already. */
async function createFile(file: string, content: string): Promise<boolean> {
	try {
		await using handle = await open(file, 'wx', 0o600);
		await handle.writeFile(content);
		return true;
	} catch (error) {
		if ((error as { code?: unknown }).code === 'EEXIST') return false;
		throw error;
	}
}
