import { spawnServer } from '../server-process.ts';
import { type Account, runAs } from './account.ts';
import { superuser } from './cluster.ts';
import { explainOutput } from './explain-output.ts';

/**
 * Sets the superuser's password in a data directory that nobody runs on. The password is a setting: the one of this start
 * holds, and when the file with the old one is lost the data is not. In single-user mode no password is asked for.
 */
export async function setPassword(options: {
	postgres: string;
	account: Account;
	dataDir: string;
	password: string;
	durable: boolean;
	onLine: (line: string) => void;
}): Promise<void> {
	const { postgres, account, dataDir, password, durable, onLine } = options;
	const settings = ['password_encryption=scram-sha-256', 'log_min_error_statement=panic'];
	if (!durable) settings.push('fsync=off');
	const command = {
		command: postgres,
		args: ['--single', '-D', dataDir, ...settings.flatMap((setting) => ['-c', setting]), superuser],
		// A line is a statement, and in it only quotes and backslashes need care.
		input: `alter role ${superuser} password E'${password.replace(/['\\]/g, '\\$&')}'\n`,
	};
	const server = spawnServer(await runAs(account, command, [postgres, dataDir]), onLine);
	await server.exited;
	if (/ERROR:|FATAL:|PANIC:/.test(server.output())) throw explainOutput(server.output(), { dataDir });
}
