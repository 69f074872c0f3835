import { z } from 'zod';

/** What a person may ask of `/api/auth`, and with what body; everything else that better-auth could do is not reachable. */
export type Door = {
	readonly method: 'GET' | 'POST';
	readonly body: z.ZodType<Record<string, unknown>>;
	/** The account that the attempt is counted against, beside its address. */
	account?(body: Record<string, unknown>): string;
};

const Email = z.email().max(254);
const Password = z.string().min(1).max(256);
const NewPassword = z
	.string()
	.min(10, 'must be at least 10 characters')
	.max(256, 'must be at most 256 characters');

const SignUp = z
	.strictObject({ email: Email, password: NewPassword, name: z.string().trim().min(1).max(100).optional() })
	.transform(({ name, ...body }) => ({ ...body, name: name ?? body.email.split('@', 1).join() }));
const SignIn = z.strictObject({ email: Email, password: Password, rememberMe: z.boolean().optional() });
const ChangePassword = z.strictObject({
	currentPassword: Password,
	newPassword: NewPassword,
	revokeOtherSessions: z.boolean().optional(),
});
const Nothing = z.strictObject({});

const byEmail = (body: Record<string, unknown>) => String(body.email).toLowerCase();

export const doors: ReadonlyMap<string, Door> = new Map<string, Door>([
	['/api/auth/sign-up/email', { method: 'POST', body: SignUp, account: byEmail }],
	['/api/auth/sign-in/email', { method: 'POST', body: SignIn, account: byEmail }],
	['/api/auth/sign-out', { method: 'POST', body: Nothing }],
	['/api/auth/get-session', { method: 'GET', body: Nothing }],
	['/api/auth/change-password', { method: 'POST', body: ChangePassword }],
	['/api/auth/revoke-other-sessions', { method: 'POST', body: Nothing }],
]);

/** The door that makes an account: it can be shut (`CM_SIGNUP`). */
export const signUpPath = '/api/auth/sign-up/email';
