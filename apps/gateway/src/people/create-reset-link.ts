import type { Logger } from '@chat-manager/service';
import type { Settings } from '../config.ts';
import { openIdentityDatabase } from '../database/identity-database.ts';
import { createPublicUrl } from '../public-url.ts';
import { createAuth } from './auth.ts';
import { resetUrl } from './person-letters.ts';

/** A link to choose a new password, for an operator to hand to its person; undefined without such an account. */
export async function createResetLink(
	settings: Settings,
	{ email, logger }: { email: string; logger: Logger },
): Promise<string | undefined> {
	const publicUrl = createPublicUrl(settings.CM_PUBLIC_URL ?? `http://localhost:${settings.PORT}`);
	await using database = openIdentityDatabase({
		url: settings.DATABASE_URL,
		schema: settings.DATABASE_SCHEMA,
		logger,
	});
	let link: string | undefined;
	const auth = createAuth({
		db: database.db,
		publicUrl,
		secret: settings.CM_AUTH_SECRET,
		signUpsPerHour: settings.CM_SIGN_UPS_PER_HOUR,
		signInsPerMinute: settings.CM_SIGN_INS_PER_MINUTE,
		sendsMail: false,
		logger,
		hooks: {
			async sendReset(_userId, token) {
				link = resetUrl(publicUrl, token);
			},
			sendConfirmation: async () => undefined,
			passwordReplaced: async () => undefined,
			beginDeletion: async () => undefined,
		},
	});
	await auth.api.requestPasswordReset({ body: { email: email.toLowerCase() } });
	return link;
}
