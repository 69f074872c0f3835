import { type Bus, connectBus } from '@chat-manager/bus';
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
				return { databaseUrl, bus: cleanup.use(await connectBus({ ...login, service: name, log })) };
			},
		});
	} catch (error) {
		if (!isSentence(error)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	}
	process.exit(0);
}

function isSentence(error: unknown): error is Error {
	return error instanceof BackupError || error instanceof StartError || error instanceof ConfigError;
}
