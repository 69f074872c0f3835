import { type Bus, connectBus } from '@chat-manager/bus';
import { openConnection } from '@chat-manager/database';
import { StartError } from '@chat-manager/embedded';
import { ConfigError, createLogger } from '@chat-manager/service';
import { BackupError } from './backup-error.ts';
import type { OperatorKeys } from './check-keys.ts';
import { config } from './config.ts';
import { openInstallation, readKeys } from './installation.ts';

export type Opened = { databaseUrl: string; bus: Bus };
type Tools = { keys: OperatorKeys; open: () => Promise<Opened> };

/** Runs a command with the servers of an installation, which go with it; what goes wrong is a sentence and the exit code 1. */
export async function runCommand(
	{ name, mayRun }: { name: string; mayRun: boolean },
	work: (tools: Tools) => Promise<void>,
): Promise<never> {
	try {
		// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
		const settings = config.load(process.env);
		const log = createLogger({ name, level: settings.LOG_LEVEL === 'info' ? 'warn' : settings.LOG_LEVEL });
		await using cleanup = new AsyncDisposableStack();
		await work({
			keys: await readKeys(settings),
			async open() {
				const { databaseUrl, login } = cleanup.use(await openInstallation(settings, { log, mayRun }));
				const bus = cleanup.use(await connectBus({ ...login, service: name, log }).catch(sayFault));
				await assertPostgres(databaseUrl, name);
				return { databaseUrl, bus };
			},
		});
	} catch (error) {
		if (!isSentence(error)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	}
	process.exit(0);
}

/** Postgres is asked by several connections later; what is wrong with the URL is told before. */
async function assertPostgres(url: string, applicationName: string): Promise<void> {
	await using _connection = await openConnection({ url, applicationName }).catch((cause: Error) => {
		throw new BackupError(`Postgres cannot be used by this DATABASE_URL: ${cause.message}`, { cause });
	});
}

/** What the bus throws at the start is a sentence for the operator. */
function sayFault(cause: Error): never {
	throw new BackupError(cause.message, { cause });
}

function isSentence(error: unknown): error is Error {
	return error instanceof BackupError || error instanceof StartError || error instanceof ConfigError;
}
