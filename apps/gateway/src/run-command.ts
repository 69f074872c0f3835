import { ConfigError } from '@chat-manager/service';
import { config, type Settings } from './config.ts';

/**
 * Runs a command for operators, with the settings of the gateway, and ends the process. What goes wrong is said in a sentence, and
 * the process ends with 1.
 */
export async function runCommand(command: (loadSettings: () => Settings) => Promise<void>): Promise<never> {
	try {
		// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
		await command(() => config.load(process.env));
		process.exit(0);
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const settings = error instanceof ConfigError ? 'It needs the settings of the gateway:\n' : '';
		process.stderr.write(`${settings}${error.message}\n`);
		process.exit(1);
	}
}
