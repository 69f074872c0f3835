import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnServer } from '../server-process.ts';
import { folderFault, StartError } from '../start-error.ts';
import { makeFolder } from '../state-folder.ts';
import { type Account, runAs } from './account.ts';
import { explainOutput } from './explain-output.ts';

const run = promisify(execFile);
export const superuser = 'postgres';

/** Makes the data directory, or sees to it that the one that is there can be used. */
export async function prepareCluster(options: {
	initdb: string;
	postgres: string;
	account: Account;
	dataDir: string;
	password: string;
	durable: boolean;
	onLine: (line: string) => void;
}): Promise<'made' | 'kept'> {
	const { postgres, account, dataDir } = options;
	const version = await readVersion(dataDir);
	if (version === undefined) {
		await createCluster(options);
		return 'made';
	}
	const { stdout } = await run(postgres, ['--version']);
	const [major = ''] = /\d+/.exec(stdout) ?? [];
	if (version !== major)
		throw new StartError(
			`The data in ${dataDir} was made by Postgres ${version}, and this is Postgres ${major}: move it away to start anew, or carry it over with pg_dump.`,
		);
	await assertOwned(dataDir, account);
	return 'kept';
}

/** The major version that made the directory; undefined when there is none yet. */
async function readVersion(dataDir: string): Promise<string | undefined> {
	try {
		return (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
	} catch (error) {
		if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
		throw folderFault(error, dataDir) ?? error;
	}
}

/** Made beside its place and then renamed: a run that was killed leaves no half of a cluster behind. */
async function createCluster(options: Parameters<typeof prepareCluster>[0]): Promise<void> {
	const { account, dataDir, password, durable, onLine } = options;
	const staging = `${dataDir}.new`;
	const secrets = await mkdtemp(join(tmpdir(), 'chat-manager-'));
	try {
		await rm(staging, { recursive: true, force: true });
		await makeFolder(staging);
		const passwordFile = join(secrets, 'password');
		await writeFile(passwordFile, password, { mode: 0o600 });
		for (const path of account === undefined ? [] : [staging, secrets, passwordFile])
			await chown(path, account?.uid ?? 0, account?.gid ?? 0);
		const args = [
			...['--pgdata', staging, '--username', superuser, '--pwfile', passwordFile],
			// The built-in locale sorts and folds the same on every system.
			...['--encoding', 'UTF8', '--locale', 'C'],
			...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
			...['--auth', 'scram-sha-256', ...(durable ? [] : ['--no-sync'])],
		];
		const needs = [options.initdb, staging];
		const initdb = spawnServer(await runAs(account, { command: options.initdb, args }, needs), onLine);
		await initdb.exited;
		if ((await readVersion(staging)) === undefined) throw explainOutput(initdb.output(), { dataDir });
		await rename(staging, dataDir);
	} catch (error) {
		await rm(staging, { recursive: true, force: true }).catch(() => undefined);
		throw folderFault(error, dataDir) ?? error;
	} finally {
		await rm(secrets, { recursive: true, force: true });
	}
}

/** Postgres insists on owning its data. As root that can be mended: a copy or an unpacked archive belongs to root. */
async function assertOwned(dataDir: string, account: Account): Promise<void> {
	const { uid } = await stat(dataDir);
	const wanted = account?.uid ?? process.getuid?.();
	if (wanted === undefined || uid === wanted) return;
	if (account === undefined)
		throw new StartError(
			`The data in ${dataDir} belongs to another user (it was made in a shell of theirs): start as that user, or give it to yours with chown.`,
		);
	await run('chown', ['-R', `${account.uid}:${account.gid}`, dataDir]);
}
