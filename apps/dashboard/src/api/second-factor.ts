import { z } from 'zod';
import { notUnderstood, post } from './post.ts';

const Begun = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
const Codes = z.object({ backupCodes: z.array(z.string()) });

export type SecondFactor = { readonly uri: string; readonly backupCodes: readonly string[] };

/** Makes a secret for an authenticator app; nothing is asked for before a code of it was typed once. */
export async function beginSecondFactor(password: string): Promise<SecondFactor> {
	const answer = Begun.safeParse(await post('/api/auth/two-factor/enable', { password }));
	if (!answer.success) throw notUnderstood(answer.error);
	return { uri: answer.data.totpURI, backupCodes: answer.data.backupCodes };
}

/** A code of the app: it completes the set-up, or signing in. */
export async function sendCode(input: { code: string; trustDevice?: boolean | undefined }): Promise<void> {
	await post('/api/auth/two-factor/verify-totp', input);
}

export async function sendBackupCode(input: { code: string }): Promise<void> {
	await post('/api/auth/two-factor/verify-backup-code', input);
}

/** New backup codes; the old ones no longer work. */
export async function renewBackupCodes(password: string): Promise<readonly string[]> {
	const answer = Codes.safeParse(await post('/api/auth/two-factor/generate-backup-codes', { password }));
	if (!answer.success) throw notUnderstood(answer.error);
	return answer.data.backupCodes;
}

export async function endSecondFactor(password: string): Promise<void> {
	await post('/api/auth/two-factor/disable', { password });
}
