import { z } from 'zod';

/**
 * What a person types to get in and to change who they are here: one schema for the form and for the door that it is sent to.
 * Everything else of people belongs to the gateway.
 */

/** What the product speaks; a person's mails are written in theirs. */
export const languages = ['en', 'es', 'pt'] as const;
export const Language = z.enum(languages);
export type Language = z.infer<typeof Language>;

const Email = z.email('must be an e-mail address').max(254);
/** One that exists; its length was looked at when it was made. */
const Password = z.string().min(1, 'is missing').max(256);
const NewPassword = z
	.string()
	.min(10, 'must be at least 10 characters')
	.max(256, 'must be at most 256 characters');
const Name = z.string().trim().min(1).max(100);
/** What stands behind the # of a link in a mail. */
const LinkToken = z.string().min(1).max(200);

export const SignUp = z.strictObject({
	email: Email,
	password: NewPassword,
	/** What the person is called; the part before the @ unless told. */
	name: z.string().trim().max(100).optional(),
	language: Language.optional(),
	/** What stands in the link of an invitation, where accounts are made by invitation only. */
	invitation: LinkToken.optional(),
});

/** Asks what an invitation is good for. */
export const InvitationLink = z.strictObject({ token: LinkToken });

/** What an invitation says to whoever holds its link: for whom it is, null for anybody, and until when it can be used. */
export const Invitation = z.object({ email: z.string().nullable(), expiresAt: z.iso.datetime() });
export type Invitation = z.infer<typeof Invitation>;

export const SignIn = z.strictObject({
	email: Email,
	password: Password,
	rememberMe: z.boolean().optional(),
});

export const ChangePassword = z.strictObject({
	currentPassword: Password,
	newPassword: NewPassword,
	revokeOtherSessions: z.boolean().optional(),
});

/** Asks for a link by mail. */
export const ForgottenPassword = z.strictObject({ email: Email });

/** With what stands in that link. */
export const ResetPassword = z.strictObject({
	newPassword: NewPassword,
	token: LinkToken,
});

export const UpdatePerson = z.strictObject({ name: Name.optional(), language: Language.optional() });

/** Asks for a link by mail to the new address, where mails are sent; without mail it is changed at once. */
export const ChangeEmail = z.strictObject({ newEmail: Email });

/** The address that waits for its link to be used; null when none does. */
export const EmailChange = z.object({ newEmail: z.string().nullable() });

/** With what stands in that link, or in the one that a new account gets. It names both addresses, so it is long. */
export const ConfirmEmail = z.strictObject({ token: z.string().min(1).max(2_000) });

/** Says once more who one is, for what a session that somebody left open must not do. */
export const WithPassword = z.strictObject({ password: Password });

/** The six digits of an authenticator app. */
export const TotpCode = z.strictObject({
	code: z
		.string()
		.transform((text) => text.replace(/\s/g, ''))
		.pipe(z.string().regex(/^\d{6}$/, 'must be the six digits that the app shows')),
	/** Not asked for again in this browser for 30 days. */
	trustDevice: z.boolean().optional(),
});

/** One of the codes that were written down when the second factor was set up. */
export const BackupCode = z.strictObject({
	code: z.string().trim().min(4, 'must be one of your backup codes').max(64),
});

/** The e-mail address is typed, so that it happens on purpose. Without a password the session must be fresh. */
export const DeleteAccount = z.strictObject({ email: Email, password: Password.optional() });

/** What somebody who is not signed in may know of an installation. */
export const EntryOptions = z.object({
	signUp: z.enum(['open', 'invite', 'closed']),
	/** Whether mails are sent: without them a forgotten password cannot be replaced here. */
	sendsMail: z.boolean(),
});
export type EntryOptions = z.infer<typeof EntryOptions>;
