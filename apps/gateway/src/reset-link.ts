import { createLogger } from '@chat-manager/service';
import { createResetLink } from './people/create-reset-link.ts';
import { runCommand } from './run-command.ts';

/** `npm run reset-link -- EMAIL`: prints a link to choose a new password, where no mail is sent. With the settings of the gateway. */
const [email] = process.argv.slice(2);
await runCommand(async (loadSettings) => {
	if (email === undefined) throw new Error('Say whose: npm run reset-link -- ana@example.com');
	const link = await createResetLink(loadSettings(), {
		email,
		logger: createLogger({ name: 'reset-link', level: 'warn' }),
	});
	if (link === undefined) throw new Error(`There is no account with the address ${email}.`);
	process.stdout.write(`${link}\n`);
});
