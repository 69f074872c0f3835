import { parseArgs } from 'node:util';
import { Language, languages, SignUp } from '@chat-manager/contracts';
import { ConfigError, createLogger } from '@chat-manager/service';
import { z } from 'zod';
import { config } from './config.ts';
import { createInvitation } from './people/create-invitation.ts';

/**
 * `npm run invite -- [ADDRESS]`: prints a link with which one account can be made, by whoever has that address or by anybody, and
 * mails it where mail is configured. With the settings of the gateway.
 */
const usage = `npm run invite -- [ADDRESS] [--days 7] [--language ${languages.join('|')}]`;
const Wanted = z.object({
	email: SignUp.shape.email.optional(),
	days: z.coerce.number().int().min(1).max(365),
	language: Language,
});

try {
	const wanted = readArguments();
	// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
	const settings = config.load(process.env);
	if (settings.CM_SIGNUP !== 'invite')
		throw new Error(
			`CM_SIGNUP is ${settings.CM_SIGNUP}, so an invitation would change nothing. Set CM_SIGNUP=invite, restart the gateway, then invite.`,
		);
	const logger = createLogger({ name: 'invite', level: 'warn' });
	const { link, expiresAt, isMailed } = await createInvitation(settings, { ...wanted, logger });
	process.stdout.write(`${link}\n`);
	const whom = wanted.email ?? 'whoever has the link';
	const mailed = isMailed ? ' It goes there by mail too.' : '';
	process.stderr.write(`One account for ${whom}, until ${expiresAt.toISOString()}.${mailed}\n`);
	process.exit(0);
} catch (error) {
	if (!(error instanceof Error)) throw error;
	const settings = error instanceof ConfigError ? 'It needs the settings of the gateway:\n' : '';
	process.stderr.write(`${settings}${error.message}\n`);
	process.exit(1);
}

function readArguments(): z.infer<typeof Wanted> {
	try {
		const { values, positionals } = parseArgs({
			options: { days: { type: 'string', default: '7' }, language: { type: 'string', default: 'en' } },
			allowPositionals: true,
		});
		if (positionals.length > 1) throw new Error('More than one address was given.');
		return Wanted.parse({ email: positionals[0], ...values });
	} catch (cause) {
		const why =
			cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : '';
		throw new Error(`${why}\nUse it so: ${usage}`, { cause });
	}
}
