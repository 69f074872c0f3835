import { expect, it } from 'vitest';
import { ageSessions } from './support/age-sessions.ts';
import { arrive, ask } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { findMail } from './support/mails.ts';
import { forgetSession, newAccount, signIn } from './support/person.ts';

const dashboard = withDashboard();
const linkIn = (mail: string) => /https?:\S+/.exec(mail)?.[0] ?? '';

it('confirms the address of a new account by a link in a mail, in the language of the person', async () => {
	const visit = await dashboard.visit('/sign-in', { locale: 'pt-BR' });
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByText('Não confirmado').waitFor();
	await expectAccessible(page);
	await ask(dashboard, visit, 'auth/update-user', { language: 'pt' });
	await page.getByRole('button', { name: 'Enviar o link para mim' }).click();
	await page.getByText(`está a caminho de ${account.email}`).waitFor();
	await page.goto(linkIn(await findMail(dashboard, account.email, 'Subject: Confirme seu e-mail')));
	await page.getByRole('heading', { name: 'Confirme seu e-mail' }).waitFor();
	const settings = await visit.context.newPage();
	await settings.goto(`${dashboard.system.url}/app/settings/account`);
	await settings.getByText('Não confirmado').waitFor();
	await expect.poll(() => page.url()).not.toContain('token');
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Confirmar o endereço' }).click();
	await page.getByText(`${account.email} é o e-mail da sua conta.`).waitFor();
	await expectAccessible(page);
	// Who goes back to the page that asked sees that it is done.
	await settings.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
	await settings.getByText('Confirmado', { exact: true }).waitFor();
	await page.getByRole('link', { name: 'Ir para a sua conta' }).click();
	await page.getByText('Confirmado', { exact: true }).waitFor();
	await page.goto(`${dashboard.system.url}/app/confirm-email`);
	await page.reload();
	await page.getByText('Este link não está completo.').waitFor();
	// The next link, in the same tab.
	await page.evaluate(`location.hash = 'token=a.b.c'`);
	await page.getByRole('button', { name: 'Confirmar o endereço' }).click();
	await page.getByText('Este link não serve (mais)').waitFor();
	await expectAccessible(page);
	await page.evaluate(`location.hash = 'token=d.e.f'`);
	await page.getByRole('button', { name: 'Confirmar o endereço' }).waitFor();
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByText('Confirmado', { exact: true }).waitFor();
	visit.forgive(/status of 400/);
});

it('changes the address by a link in a mail to the new one, by keyboard alone', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	const { email: newEmail } = newAccount();
	await ageSessions(dashboard, account.email);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	const field = page.getByLabel('New e-mail address');
	await field.focus();
	await page.keyboard.press('Enter');
	await page.getByText('Enter an e-mail address.').waitFor();
	await expectAccessible(page);
	await page.keyboard.type(newEmail);
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog');
	await dialog.getByText('Is it you?').waitFor();
	await dialog.getByLabel('Password', { exact: true }).focus();
	await page.keyboard.type(account.password);
	await page.keyboard.press('Enter');
	await page.getByText(`A mail with a link is on its way to ${newEmail}.`).waitFor();
	await page.reload();
	await page.getByText(`A mail with a link is on its way to ${newEmail}.`).waitFor();
	await expectAccessible(page);

	// Opened where nobody is signed in: who only has the mail cannot take the account with it.
	const link = linkIn(await findMail(dashboard, newEmail, 'Confirm your e-mail address'));
	await forgetSession(page);
	await page.goto(link);
	await page.getByRole('button', { name: 'Confirm the address' }).focus();
	await page.keyboard.press('Enter');
	await page.getByText('Sign in first to the account').waitFor();
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Sign in' }).focus();
	await page.keyboard.press('Enter');
	await signIn(page, account);
	await page.getByRole('button', { name: 'Confirm the address' }).focus();
	await page.keyboard.press('Enter');
	await page.getByText(`${newEmail} is the address of your account.`).waitFor();
	await page.getByRole('link', { name: 'Go to your account' }).click();
	await page.getByText('Confirmed', { exact: true }).waitFor();
	await page.getByText(newEmail).first().waitFor();
	await findMail(dashboard, account.email, 'Your e-mail address was changed');
	visit.forgive(/status of 40[13]/);
});

it('calls a change off that waits for its link', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const account = await arrive(dashboard, visit);
	const { email: newEmail } = newAccount();
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByLabel('New e-mail address').fill(newEmail);
	await page.getByRole('button', { name: 'Change the address' }).click();
	const waiting = page.getByText(`A mail with a link is on its way to ${newEmail}.`);
	await waiting.waitFor();
	const link = linkIn(await findMail(dashboard, newEmail, 'Confirm your e-mail address'));
	await page.getByRole('button', { name: 'Keep the address as it is' }).click();
	await waiting.waitFor({ state: 'detached' });
	await page.getByText('The address stays as it is').waitFor();
	await expectAccessible(page);
	await page.goto(link);
	await page.getByRole('button', { name: 'Confirm the address' }).click();
	await page.getByText('This link does nothing (any more)').waitFor();
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.locator('.email-address').getByText(account.email).waitFor();
	visit.forgive(/status of 400/);
});
