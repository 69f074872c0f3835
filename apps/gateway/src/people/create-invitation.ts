import { randomUUID } from 'node:crypto';
import type { Language } from '@chat-manager/contracts';
import { type Logger, systemClock } from '@chat-manager/service';
import type { Settings } from '../config.ts';
import { invitationLetter } from '../mail/letters.ts';
import { openMail } from '../mail/open-mail.ts';
import { openPostOffice } from '../mail/post-office.ts';
import { createPublicUrl } from '../public-url.ts';
import { createInvitations, invitationUrl } from './invitations.ts';
import { openForCommand } from './open-for-command.ts';

/** An invitation for an operator to hand out; it is mailed too, where mail is configured and an address is named. */
export async function createInvitation(
	settings: Settings,
	wanted: { email?: string | undefined; days: number; language: Language; logger: Logger },
): Promise<{ link: string; expiresAt: Date; isMailed: boolean }> {
	const { email, days, language, logger } = wanted;
	const publicUrl = createPublicUrl(settings.CM_PUBLIC_URL ?? `http://localhost:${settings.PORT}`);
	const clock = systemClock;
	await using database = await openForCommand(settings, logger);
	await using postOffice = openPostOffice({
		database,
		mailer: openMail(settings, publicUrl),
		secret: settings.CM_AUTH_SECRET,
		clock,
		logger,
	});
	const { token, expiresAt } = await createInvitations({ database, clock }).create({ email, days });
	const link = invitationUrl(publicUrl, token);
	const isMailed = email !== undefined && postOffice.isOpen;
	if (isMailed) {
		const letter = invitationLetter({ name: email.split('@', 1).join(), language }, link, expiresAt);
		await postOffice.post({ id: randomUUID(), userId: null, recipient: email, letter });
	}
	return { link, expiresAt, isMailed };
}
