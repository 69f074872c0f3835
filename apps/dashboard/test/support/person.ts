import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';

export type Account = { name: string; email: string; password: string };

export function newAccount(name = 'Ana'): Account {
	return { name, email: `${randomUUID()}@example.com`, password: 'correct horse battery staple' };
}

/** Through the form, as a person does. */
export async function signUp(page: Page, { name, email, password }: Account): Promise<void> {
	await page.getByLabel('Your name').fill(name);
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Create account' }).click();
	await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/**
 * The browser forgets who is signed in. The page is left first: an answer that is on its way to it could bring the session
 * back (better-auth renews the cookie when the person's language is noted).
 */
export async function forgetSession(page: Page): Promise<void> {
	await page.goto('about:blank');
	await page.context().clearCookies();
}
