import { ConfigError, createLogger } from '@chat-manager/service';
import { config } from './config.ts';
import { createResetLink } from './people/create-reset-link.ts';

/** `npm run reset-link -- EMAIL`: prints a link to choose a new password, where no mail is sent. With the settings of the gateway. */
const [email] = process.argv.slice(2);
try {
	if (email === undefined) throw new Error('Say whose: npm run reset-link -- ana@example.com');
	// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
	const settings = config.load(process.env);
	const link = await createResetLink(settings, {
		email,
		logger: createLogger({ name: 'reset-link', level: 'warn' }),
	});
	if (link === undefined) throw new Error(`There is no account with the address ${email}.`);
	process.stdout.write(`${link}\n`);
	process.exit(0);
} catch (error) {
	if (!(error instanceof Error)) throw error;
	const settings = error instanceof ConfigError ? 'It needs the settings of the gateway:\n' : '';
	process.stderr.write(`${settings}${error.message}\n`);
	process.exit(1);
}
