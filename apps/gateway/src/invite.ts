import { parseArgs } from 'node:util';
import { Language, languages, SignUp } from '@chat-manager/contracts';
import { createLogger } from '@chat-manager/service';
import { z } from 'zod';
import type { Settings } from './config.ts';
import { createInvitation } from './people/create-invitation.ts';
import { listInvitations, revokeInvitations } from './people/list-invitations.ts';
import { runCommand } from './run-command.ts';

/**
 * `npm run invite -- [ADDRESS]`: prints a link with which one account can be made, by whoever has that address or by anybody, and
 * mails it where mail is configured. `--list` tells which can still be used, `--revoke` takes one back, or all of an address. With
 * the settings of the gateway.
 */
const usage = `Use it so:
  npm run invite -- [ADDRESS] [--days 7] [--language ${languages.join('|')}]
  npm run invite -- --list
  npm run invite -- --revoke ADDRESS|ID`;
const Wanted = z.object({
	email: SignUp.shape.email.optional(),
	days: z.coerce.number().int().min(1).max(365),
	language: Language,
	list: z.boolean(),
	revoke: z.string().min(1).optional(),
});
const logger = createLogger({ name: 'invite', level: 'warn' });

await runCommand(async (loadSettings) => {
	const { list, revoke, ...wanted } = readArguments();
	const settings = loadSettings();
	if (list) await tellOpen(settings);
	else if (revoke !== undefined) await takeBack(settings, revoke);
	else await invite(settings, wanted);
});

async function invite(
	settings: Settings,
	wanted: Pick<z.infer<typeof Wanted>, 'email' | 'days' | 'language'>,
): Promise<void> {
	if (settings.CM_SIGNUP !== 'invite')
		throw new Error(
			`CM_SIGNUP is ${settings.CM_SIGNUP}, so an invitation would change nothing. Set CM_SIGNUP=invite, restart the gateway, then invite.`,
		);
	const { link, expiresAt, isMailed } = await createInvitation(settings, { ...wanted, logger });
	process.stdout.write(`${link}\n`);
	const whom = wanted.email ?? 'whoever has the link';
	const mailed = isMailed ? ' It goes there by mail too.' : '';
	process.stderr.write(`One account for ${whom}, until ${expiresAt.toISOString()}.${mailed}\n`);
}

async function tellOpen(settings: Settings): Promise<void> {
	const rows = await listInvitations(settings, { logger });
	for (const { id, email, expires_at } of rows)
		process.stdout.write(`${id}  ${expires_at.toISOString()}  ${email ?? 'whoever has the link'}\n`);
	if (rows.length === 0) process.stderr.write('No invitation can be used at the moment.\n');
}

async function takeBack(settings: Settings, which: string): Promise<void> {
	const count = await revokeInvitations(settings, { which, logger });
	if (count === 0)
		throw new Error(`No invitation has the id or the address ${which}: npm run invite -- --list`);
	process.stderr.write(`Taken back: ${count}. Their links make no account any more.\n`);
}

function readArguments(): z.infer<typeof Wanted> {
	try {
		const { values, positionals } = parseArgs({
			options: {
				days: { type: 'string', default: '7' },
				language: { type: 'string', default: 'en' },
				list: { type: 'boolean', default: false },
				revoke: { type: 'string' },
			},
			allowPositionals: true,
		});
		if (positionals.length > 1) throw new Error('More than one address was given.');
		if (positionals.length > 0 && (values.list || values.revoke !== undefined))
			throw new Error('Either invite somebody, or --list, or --revoke.');
		return Wanted.parse({ email: positionals[0], ...values });
	} catch (cause) {
		const why =
			cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : '';
		throw new Error(`${why}\n${usage}`, { cause });
	}
}
