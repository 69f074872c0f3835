import { EmailChange, EntryOptions, Invitation, Language, type UpdatePerson } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { reach } from './connection.ts';
import { notUnderstood, post, readAnswer } from './post.ts';

const Session = z
	.object({
		session: z.object({ id: z.string() }),
		user: z.object({
			name: z.string(),
			email: z.string(),
			emailVerified: z.boolean().nullish(),
			language: Language.nullish().catch(null),
			twoFactorEnabled: z.boolean().nullish(),
		}),
	})
	.nullable();

export type SignedIn = {
	readonly name: string;
	readonly email: string;
	/** Whether a link that was mailed to the address was opened. */
	readonly hasConfirmedEmail: boolean;
	/** The language of their mails; null until one is chosen. */
	readonly language: Language | null;
	readonly hasSecondFactor: boolean;
	readonly sessionId: string;
};

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
	queryKey: ['session'],
	staleTime: 60_000,
	async queryFn({ signal }): Promise<SignedIn | null> {
		const answer = await get('/api/auth/get-session', Session, signal);
		if (answer === null) return null;
		const { name, email, emailVerified, language, twoFactorEnabled } = answer.user;
		return {
			name,
			email,
			hasConfirmedEmail: emailVerified === true,
			language: language ?? null,
			hasSecondFactor: twoFactorEnabled === true,
			sessionId: answer.session.id,
		};
	},
});

/** What this installation offers to somebody who is not signed in. */
export const entryQuery = queryOptions({
	queryKey: ['entry'],
	staleTime: 300_000,
	queryFn: ({ signal }) => get('/api/auth/entry', EntryOptions, signal),
});

/** What the invitation in a link is good for; fails when for nothing (any more). */
export const invitationQuery = (token: string) =>
	queryOptions({
		queryKey: ['invitation', token],
		staleTime: 300_000,
		queryFn: async ({ signal }) => read(Invitation, await post('/api/auth/invitation', { token }, signal)),
	});

/** What a GET answers, by its schema. */
export async function get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
	return read(schema, await readAnswer(await reach(path, { signal: signal ?? null })));
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
	const answer = schema.safeParse(body);
	if (!answer.success) throw notUnderstood(answer.error);
	return answer.data;
}

/** Makes an account and signs in to it. */
export async function signUp(account: {
	name?: string | undefined;
	email: string;
	password: string;
	language: Language;
	invitation?: string;
}): Promise<void> {
	await post('/api/auth/sign-up/email', account);
	await signIn(account);
}

const SignedInOrNot = z.object({ twoFactorRedirect: z.boolean().optional() });

/** Signs in; `second_factor` when a code is wanted before anything is open. */
export async function signIn({
	email,
	password,
}: {
	email: string;
	password: string;
}): Promise<'signed_in' | 'second_factor'> {
	const answer = SignedInOrNot.safeParse(await post('/api/auth/sign-in/email', { email, password }));
	return answer.data?.twoFactorRedirect === true ? 'second_factor' : 'signed_in';
}

export async function signOut(): Promise<void> {
	await post('/api/auth/sign-out', {});
}

/** Says once more who one is; what needs it can be done for some minutes then. */
export async function confirmPassword(password: string): Promise<void> {
	await post('/api/auth/confirm', { password });
}

export async function askForReset(input: { email: string }): Promise<void> {
	await post('/api/auth/request-password-reset', input);
}

export async function resetPassword(input: { token: string; newPassword: string }): Promise<void> {
	await post('/api/auth/reset-password', input);
}

/** Where mails are sent, asks for a link to the new address; where none are, changes it. The session must be fresh. */
export async function changeEmail(input: { newEmail: string }): Promise<void> {
	await post('/api/auth/change-email', input);
}

/** The address that waits for the link which was mailed there to be used; null when none does. */
export const emailChangeQuery = queryOptions({
	queryKey: ['email-change'],
	queryFn: async ({ signal }) => (await get('/api/auth/email-change', EmailChange, signal)).newEmail,
});

export async function callOffEmailChange(): Promise<void> {
	await post('/api/auth/call-off-email-change', {});
}

export async function sendConfirmation(): Promise<void> {
	await post('/api/auth/send-confirmation', {});
}

const Confirmed = z.object({ email: z.string() });

/** With what stands in the link of a mail; the address that is confirmed. */
export async function confirmEmail(token: string): Promise<string> {
	return read(Confirmed, await post('/api/auth/confirm-email', { token })).email;
}

/** Signs all other devices out too. */
export async function changePassword(passwords: {
	currentPassword: string;
	newPassword: string;
}): Promise<void> {
	await post('/api/auth/change-password', { ...passwords, revokeOtherSessions: true });
}

export async function updatePerson(change: z.input<typeof UpdatePerson>): Promise<void> {
	await post('/api/auth/update-user', change);
}

export async function signOthersOut(): Promise<void> {
	await post('/api/auth/revoke-other-sessions', {});
}

/** Without a password, the session must be fresh. */
export async function deleteAccount(input: { email: string; password?: string }): Promise<void> {
	await post('/api/auth/delete-user', input);
}
