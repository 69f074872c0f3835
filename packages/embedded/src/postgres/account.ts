import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../server-process.ts';
import { StartError } from '../start-error.ts';

const run = promisify(execFile);

/** Whom the server runs as; undefined means as ourselves. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/**
 * Postgres refuses to run as root. In a root shell it runs as the owner of its data, or at first as the user `postgres`,
 * or as `nobody`, which every system has: none is created.
 */
export async function chooseAccount(dataDir: string): Promise<Account> {
	if (process.getuid?.() !== 0) return undefined;
	const owner = await stat(dataDir).catch(() => undefined);
	if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	for (const name of ['postgres', 'nobody']) {
		const uid = await idOf(name, '-u');
		const gid = await idOf(name, '-g');
		if (uid !== undefined && gid !== undefined) return { uid, gid };
	}
	throw new StartError(
		'Postgres cannot run as root, and this system has neither a user "postgres" nor "nobody": start as another user, or set DATABASE_URL.',
	);
}

/**
 * The command, run as the account. When a folder on the way to what it needs is closed to others (a home of root, a
 * `mktemp -d`), it keeps one right of root's, to pass folders: the bits of `setpriv` are those that survive the change of user.
 */
export async function runAs(account: Account, command: Command, needs: readonly string[]): Promise<Command> {
	if (account === undefined) return command;
	const reachable = await Promise.all(needs.map((path) => isReachable(path, account)));
	if (!reachable.includes(false)) return { ...command, ...account };
	return {
		...command,
		command: 'setpriv',
		args: [
			...['--securebits', '+no_setuid_fixup', '--clear-groups'],
			...['--reuid', String(account.uid), '--regid', String(account.gid)],
			...['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
			...['--bounding-set', '-all,+dac_override', '--', command.command, ...command.args],
		],
	};
}

/** Whether every folder above the path may be passed by the account. */
async function isReachable(path: string, { uid, gid }: NonNullable<Account>): Promise<boolean> {
	for (let folder = dirname(path); ; folder = dirname(folder)) {
		const { mode, uid: owner, gid: group } = await stat(folder);
		const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
		if ((mode & bit) === 0) return false;
		if (folder === dirname(folder)) return true;
	}
}

async function idOf(name: string, flag: '-u' | '-g'): Promise<number | undefined> {
	const result = await run('id', [flag, name]).catch(() => undefined);
	return result === undefined ? undefined : Number(result.stdout);
}
