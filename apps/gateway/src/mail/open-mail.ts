import type { Settings } from '../config.ts';
import type { PublicUrl } from '../public-url.ts';
import { createMailer, type Mailer } from './mailer.ts';

/** The mailer that the operator set up; undefined where mail is off. */
export function openMail(
	{ CM_MAIL_URL, CM_MAIL_FROM }: Pick<Settings, 'CM_MAIL_URL' | 'CM_MAIL_FROM'>,
	{ origin }: PublicUrl,
): Mailer | undefined {
	if (CM_MAIL_URL === undefined) return undefined;
	const domain = new URL(origin).hostname;
	return createMailer({
		url: CM_MAIL_URL,
		from: CM_MAIL_FROM ?? `Chat Manager <chat-manager@${domain}>`,
		domain,
	});
}
