import {
	BackupCode,
	ChangeEmail,
	ChangePassword,
	ConfirmEmail,
	DeleteAccount,
	ForgottenPassword,
	InvitationLink,
	ResetPassword,
	SignIn,
	SignUp,
	TotpCode,
	UpdatePerson,
	WithPassword,
} from '@chat-manager/contracts';
import { z } from 'zod';
import type { NoticeKind } from '../mail/letter-words.ts';

/** What a person may ask of `/api/auth`, and with what body; everything else that better-auth could do is not reachable. */
export type Door = {
	readonly method: 'GET' | 'POST';
	readonly body: z.ZodType<Record<string, unknown>>;
	/** The account that the attempt is counted against, beside its address. */
	account?(body: Record<string, unknown>): string;
	/** Makes an account: it can be shut (`CM_SIGNUP`). */
	readonly isSignUp?: true;
	/** Needs mail: without it, it says this. */
	readonly needsMail?: string;
	/** Answered at once and in the same words, whatever comes of it: not even the time tells whether there is an account. */
	readonly answersFirst?: true;
	/** Only for somebody who said lately who they are. */
	readonly needsFreshSession?: true;
	/** The session that asks ends when it went well: another one took its place. */
	readonly replacesSession?: true;
	/** What its person is told by mail afterwards, when they were signed in. */
	notice?(before: { hasSecondFactor: boolean }): NoticeKind | undefined;
};

const Nothing = z.strictObject({});
const signUpBody = SignUp.transform(({ name = '', ...body }) => ({
	...body,
	name: name === '' ? body.email.split('@', 1).join() : name,
}));

/** What the browser's authenticator says; the passkey plugin verifies it to the last bit. */
const Credential = z.strictObject({
	id: z.base64url().max(2048),
	rawId: z.base64url().max(2048),
	type: z.literal('public-key'),
	response: z.record(z.string(), z.unknown()),
	clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
	authenticatorAttachment: z.string().max(40).nullish(),
});
const passkeyName = z.string().trim().min(1).max(100);

const byEmail = (body: Record<string, unknown>) => String(body.email).toLowerCase();
const post = (body: Door['body'], more: Partial<Door> = {}): Door => ({ method: 'POST', body, ...more });
const get = (more: Partial<Door> = {}): Door => ({ method: 'GET', body: Nothing, ...more });

const doorsByPath: Readonly<Record<string, Door>> = {
	'/sign-up/email': post(signUpBody, { account: byEmail, isSignUp: true }),
	'/sign-in/email': post(SignIn, { account: byEmail }),
	'/entry': get(),
	'/sign-out': post(Nothing),
	'/get-session': get(),
	'/update-user': post(UpdatePerson),
	'/request-password-reset': post(ForgottenPassword, {
		account: byEmail,
		needsMail:
			'This installation sends no mail, so a forgotten password cannot be replaced here. Ask its operator for a link to choose a new one.',
		answersFirst: true,
	}),
	'/reset-password': post(ResetPassword),
	'/invitation': post(InvitationLink),
	'/change-email': post(ChangeEmail, {
		account: ({ newEmail }) => String(newEmail).toLowerCase(),
		needsFreshSession: true,
	}),
	'/email-change': get(),
	'/call-off-email-change': post(Nothing),
	'/send-confirmation': post(Nothing, {
		needsMail: 'This installation sends no mail, so an e-mail address cannot be confirmed here.',
	}),
	'/confirm-email': post(ConfirmEmail),
	'/change-password': post(ChangePassword, { notice: () => 'password_changed' }),
	'/revoke-other-sessions': post(Nothing),
	'/confirm': post(WithPassword),
	'/delete-user': post(DeleteAccount),

	'/two-factor/enable': post(WithPassword),
	'/two-factor/verify-totp': post(TotpCode, {
		notice: ({ hasSecondFactor }) => (hasSecondFactor ? undefined : 'second_factor_on'),
	}),
	'/two-factor/verify-backup-code': post(BackupCode),
	'/two-factor/generate-backup-codes': post(WithPassword),
	'/two-factor/disable': post(WithPassword, { notice: () => 'second_factor_off' }),

	'/passkey/list-user-passkeys': get(),
	'/passkey/generate-register-options': get({ needsFreshSession: true }),
	'/passkey/verify-registration': post(
		z.strictObject({ response: Credential, name: passkeyName.optional() }),
		{ needsFreshSession: true, notice: () => 'passkey_added' },
	),
	'/passkey/delete-passkey': post(z.strictObject({ id: z.string().min(1).max(64) }), {
		needsFreshSession: true,
		notice: () => 'passkey_removed',
	}),
	'/passkey/generate-authenticate-options': get(),
	'/passkey/verify-authentication': post(z.strictObject({ response: Credential }), {
		replacesSession: true,
	}),
};

export const doors: ReadonlyMap<string, Door> = new Map(
	Object.entries(doorsByPath).map(([path, door]) => [`/api/auth${path}`, door]),
);
