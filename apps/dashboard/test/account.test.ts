import { readFile } from 'node:fs/promises';
import { askSimulator } from '@chat-manager/dev-env';
import { URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ageSessions } from './support/age-sessions.ts';
import { arrive, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { findMail } from './support/mails.ts';
import { forgetSession, signIn } from './support/person.ts';

const dashboard = withDashboard();

it('replaces a forgotten password by a link in a mail, in the language of the person', async () => {
	const visit = await dashboard.visit('/sign-in', { locale: 'es-MX' });
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/`);
	await page.getByRole('heading', { name: 'Hola, Berta' }).waitFor();
	// Chosen once, so that it is known whose language it is.
	await page.getByRole('button', { name: 'Berta' }).click();
	const saved = page.waitForResponse('**/api/auth/update-user');
	await page.getByRole('menuitemradio', { name: 'Español' }).click();
	await saved;
	await forgetSession(page);
	await page.goto(`${dashboard.system.url}/app/sign-in`);
	await page.getByRole('link', { name: '¿Olvidaste tu contraseña?' }).click();
	await page.getByRole('heading', { name: 'Elige una contraseña nueva' }).waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Enviar el enlace' }).click();
	await page.getByText('Escribe tu correo electrónico.').waitFor();
	await page.getByLabel('Correo electrónico').fill(account.email);
	await page.getByRole('button', { name: 'Enviar el enlace' }).click();
	await page.getByText('Si hay una cuenta con este correo').waitFor();
	await expectAccessible(page);

	const mail = await findMail(dashboard, account.email, 'Subject: Elige una contraseña nueva');
	const link = /https?:\S+/.exec(mail)?.[0] ?? '';
	await page.goto(link);
	await page.getByLabel('Contraseña nueva').fill('short');
	await page.getByRole('button', { name: 'Guardar la contraseña' }).click();
	await page.getByText('Usa al menos 10 caracteres.').waitFor();
	await expectAccessible(page);
	expect(page.url()).not.toContain('token');
	await page.getByLabel('Contraseña nueva').fill('another long password');
	await page.getByRole('button', { name: 'Guardar la contraseña' }).click();
	await page.getByText('La contraseña nueva está guardada.').waitFor();
	await page.getByLabel('Correo electrónico').fill(account.email);
	await page.getByLabel('Contraseña', { exact: true }).fill('another long password');
	await page.getByRole('button', { name: 'Iniciar sesión' }).click();
	await page.getByRole('heading', { name: 'Hola, Berta' }).waitFor();
	await findMail(dashboard, account.email, 'Subject: Tu contraseña cambió');

	await forgetSession(page);
	await page.goto(link);
	await page.getByLabel('Contraseña nueva').fill('a third long password');
	await page.getByRole('button', { name: 'Guardar la contraseña' }).click();
	await page.getByText('This link was used before').waitFor();
	await page.goto(`${dashboard.system.url}/app/reset-password`);
	await page.getByText('Este enlace no está completo.').waitFor();
	await expectAccessible(page);
	visit.forgive(/status of 400/);
});

it('asks for a code of an app after the password, and takes a kept one instead', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByRole('button', { name: 'Set up two-step sign-in' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
	await dialog.getByRole('button', { name: 'Continue' }).click();
	await dialog.getByText('The current password is not right.').waitFor();
	await expectAccessible(page);
	await dialog.getByLabel('Password', { exact: true }).fill(account.password);
	await dialog.getByRole('button', { name: 'Continue' }).click();
	await dialog.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
	await dialog.getByText('Cannot scan?').click();
	await expectAccessible(page);
	const secret = (await dialog.locator('code').textContent()) ?? '';
	const app = URI.parse(`otpauth://totp/Chat%20Manager?secret=${secret}`);
	await dialog.getByLabel('Code of the app').fill('12');
	await dialog.getByRole('button', { name: 'Continue' }).click();
	await dialog.getByText('Type the six digits that the app shows.').waitFor();
	await dialog.getByLabel('Code of the app').fill(app.generate());
	await dialog.getByRole('button', { name: 'Continue' }).click();
	await dialog.getByText('Keep these backup codes').waitFor();
	await expectAccessible(page);
	const [kept = ''] = await dialog.locator('code').allTextContents();
	await dialog.getByRole('button', { name: 'I have kept them' }).click();
	await page.getByText('Two-step sign-in is on.').waitFor();
	await page.getByRole('button', { name: 'Switch off' }).waitFor();

	const begin = async () => {
		await forgetSession(page);
		await page.goto(`${dashboard.system.url}/app/sign-in`);
		await signIn(page, account);
		await page.getByRole('heading', { name: 'One more step' }).waitFor();
	};
	await begin();
	await expectAccessible(page);
	await page.getByLabel('Code').fill('000000');
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByText('This code is not right.').waitFor();
	await page.getByLabel('Code').fill(app.generate());
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();

	await begin();
	await page.getByRole('button', { name: 'Use a backup code instead' }).click();
	await expectAccessible(page);
	await page.getByLabel('Backup code').fill(kept);
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();

	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByRole('button', { name: 'Switch off' }).click();
	await dialog.getByLabel('Password', { exact: true }).fill(account.password);
	await dialog.getByRole('button', { name: 'Switch off' }).click();
	await page.getByRole('button', { name: 'Set up two-step sign-in' }).waitFor();
	visit.forgive(/status of 40[01]/);
});

it('signs in with a passkey, which is added and removed by somebody who says who they are', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	const authenticator = await addAuthenticator(page);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByText('No passkeys yet.').waitFor();
	await page.getByRole('button', { name: 'Add a passkey' }).click();
	await page.getByText('Give it a name.').waitFor();
	await page.getByLabel('Name of the passkey').fill('Laptop');
	await page.getByRole('button', { name: 'Add a passkey' }).click();
	await page.getByText('The passkey is added.').waitFor();
	await page.getByText('Laptop', { exact: true }).waitFor();
	await expectAccessible(page);

	await forgetSession(page);
	await page.goto(`${dashboard.system.url}/app/sign-in`);
	await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();

	// An authenticator that does not ask who it is lets nobody in.
	await forgetSession(page);
	await authenticator.verifies(false);
	await page.goto(`${dashboard.system.url}/app/sign-in`);
	expect(await page.evaluate<string>(enterUnverified)).toContain('did not ask who you are');
	await authenticator.verifies(true);
	await signIn(page, account);
	await page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();

	// Left open for a while.
	await ageSessions(dashboard, account.email);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByRole('button', { name: 'Remove' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('Is it you?').waitFor();
	await expectAccessible(page);
	await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
	await dialog.getByRole('button', { name: 'Confirm' }).click();
	await dialog.getByText('The current password is not right.').waitFor();
	await dialog.getByRole('button', { name: 'Use a passkey' }).click();
	await page.getByText('The passkey is removed.').waitFor();
	await page.getByText('No passkeys yet.').waitFor();
	await findMail(dashboard, account.email, 'A passkey was removed');
	visit.forgive(/status of 40[013]/);
});

it('shows where one is signed in, and ends it', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	const elsewhere = await dashboard.visit('/sign-in', { viewport: { width: 390, height: 844 } });
	await signIn(elsewhere.page, account);
	await elsewhere.page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByLabel('Your name').fill('Berta Ñandú');
	await page.getByRole('button', { name: 'Save the name' }).click();
	await page.getByRole('heading', { name: 'Berta Ñandú' }).waitFor();
	await page.getByText('This one').waitFor();
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
	await page.getByText('Signed out there.').waitFor();
	// It hears of it when it asks for something, unless it has looked after its session just now and is away already.
	await elsewhere.page.evaluate(`document.querySelector('a[href="/app/groups"]')?.click()`);
	await elsewhere.page.getByText('Your session has ended.').waitFor();
	elsewhere.forgive(/status of 401/);
});

it('hands out all data, deletes messages, and ends the account', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	const { jid, carlos } = await settle(dashboard, visit);
	await askSimulator(dashboard.system, '/admin/messages', { from: carlos, to: jid, text: 'For the archive' });
	await page.goto(`${dashboard.system.url}/app/groups/${jid.replace('@g.us', '')}`);
	await page.getByText('For the archive').waitFor();

	await page.getByRole('link', { name: 'Account', exact: true }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		// It is said only for a moment, in which the file is read.
		page.getByText('Your data is downloaded.').waitFor(),
		page.getByRole('button', { name: 'Download my data' }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/^chat-manager-[\d-]+\.zip$/);
	const archive = await readFile(await download.path());
	expect(archive.includes('For the archive')).toBe(true);
	expect(archive.includes('messages.jsonl')).toBe(true);

	await page.getByRole('button', { name: 'Delete all stored messages' }).click();
	await page.getByRole('alertdialog').waitFor();
	await expectAccessible(page);
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete all stored messages' }).click();
	await page.getByText('Deleted one message.').waitFor();

	await page.getByRole('button', { name: 'Delete my account' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Type your e-mail address').fill('somebody@example.com');
	await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
	await dialog.getByRole('button', { name: 'Delete for good' }).click();
	await dialog.getByText('This is not the address of your account.').waitFor();
	await expectAccessible(page);
	await dialog.getByLabel('Type your e-mail address').fill(account.email);
	await dialog.getByRole('button', { name: 'Delete for good' }).click();
	await dialog.getByText('The current password is not right.').waitFor();
	await dialog.getByLabel('Password', { exact: true }).fill(account.password);
	await dialog.getByRole('button', { name: 'Delete for good' }).click();
	await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor();
	await expectAccessible(page);
	await findMail(dashboard, account.email, 'Your account is deleted');
	await page.getByRole('link', { name: 'Go to signing in' }).click();
	await signIn(page, account);
	await page.getByText('The e-mail address or the password is not right.').waitFor();
	visit.forgive(/status of 401/);
});

/** What a page of somebody else's making would do: it asks the authenticator for less than we do. */
const enterUnverified = `(async () => {
	const ask = await fetch('/api/auth/passkey/generate-authenticate-options');
	const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
		...(await ask.json()), userVerification: 'discouraged',
	});
	const { id, rawId, type, response } = (await navigator.credentials.get({ publicKey })).toJSON();
	const answer = await fetch('/api/auth/passkey/verify-authentication', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ response: { id, rawId, type, response } }),
	});
	return answer.text();
})()`;

/** A security key of the browser's own, made of software. */
async function addAuthenticator(page: Page) {
	const debugging = await page.context().newCDPSession(page);
	await debugging.send('WebAuthn.enable');
	const { authenticatorId } = await debugging.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2',
			transport: 'internal',
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	return {
		/** Whether whoever holds it is known to it. */
		verifies: (isUserVerified: boolean) =>
			debugging.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
	};
}
