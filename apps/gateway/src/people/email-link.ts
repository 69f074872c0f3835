import { AppError } from '@chat-manager/contracts';
import { verifyJWT } from 'better-auth/crypto';
import { z } from 'zod';

/** What the link of a mail says: that whoever opened it reads mails to an address. */
export type EmailLink = {
	userId: string;
	/** Which the account had when the link was made. */
	email: string;
	/** Which it is to have, where that is another one. */
	newEmail: string | undefined;
	/** In whole seconds. */
	madeAt: Date;
};

/** Reads a link that better-auth signed; throws `invalid_input` for one that it did not sign, or whose time is over. */
export async function readEmailLink(token: string, secret: string): Promise<EmailLink> {
	const claims = Claims.safeParse(await verifyJWT(token, secret));
	if (!claims.success) throw linkIsOver();
	const { userId, email, updateTo, iat } = claims.data;
	return { userId, email, newEmail: updateTo, madeAt: new Date(iat * 1000) };
}

export function linkIsOver(): AppError {
	return new AppError(
		'invalid_input',
		'This link was used before or called off, or its time is over. Ask for a new one in the settings of your account.',
	);
}

const common = { userId: z.string(), email: z.string(), iat: z.number() };
const Claims = z.union([
	z.object({ ...common, updateTo: z.undefined().optional(), requestType: z.undefined().optional() }),
	z.object({ ...common, updateTo: z.string(), requestType: z.literal('change-email-verification') }),
]);
