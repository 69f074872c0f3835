import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { reach } from './connection.ts';
import { notUnderstood, post, readAnswer } from './post.ts';

const Session = z.object({ user: z.object({ name: z.string(), email: z.string() }) }).nullable();
export type SignedIn = NonNullable<z.infer<typeof Session>>['user'];

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
	queryKey: ['session'],
	staleTime: 60_000,
	async queryFn({ signal }): Promise<SignedIn | null> {
		const answer = Session.safeParse(await readAnswer(await reach('/api/auth/get-session', { signal })));
		if (!answer.success) throw notUnderstood(answer.error);
		return answer.data?.user ?? null;
	},
});

/** Makes an account and signs in to it. */
export async function signUp(account: { name?: string; email: string; password: string }): Promise<void> {
	await post('/api/auth/sign-up/email', account);
	await signIn(account);
}

export async function signIn({ email, password }: { email: string; password: string }): Promise<void> {
	await post('/api/auth/sign-in/email', { email, password });
}

export async function signOut(): Promise<void> {
	await post('/api/auth/sign-out', {});
}

/** Signs all other devices out too. */
export async function changePassword(passwords: {
	currentPassword: string;
	newPassword: string;
}): Promise<void> {
	await post('/api/auth/change-password', { ...passwords, revokeOtherSessions: true });
}
