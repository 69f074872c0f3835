import { expect, it } from 'vitest';
import { arrive, ask, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { signIn } from './support/person.ts';

const dashboard = withDashboard();

it('signs in and out, says what is wrong, and goes on where a session ended', async () => {
	const visit = await dashboard.visit('/settings/mcp');
	const { page, context } = visit;
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	await expectAccessible(page);
	const account = await arrive(dashboard, visit);
	await context.clearCookies();
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.getByText('Enter your e-mail address.').waitFor();
	await signIn(page, { ...account, password: 'not the right one' });
	await page.getByText('The e-mail address or the password is not right.').waitFor();
	await expectAccessible(page);
	await signIn(page, account);
	await page.getByRole('heading', { name: 'Claude & MCP' }).waitFor();

	// Signed out in another window of the same browser: the page hears of it by itself.
	await context.request.post(`${dashboard.system.url}/api/auth/sign-out`, { data: {} });
	await page.getByText('Your session has ended.').waitFor();
	await signIn(page, account);
	await page.getByRole('heading', { name: 'Claude & MCP' }).waitFor();

	await page.getByRole('link', { name: 'Account', exact: true }).click();
	await page.getByRole('switch', { name: 'Messages of starred groups are stored' }).click();
	await page.getByText('No messages are stored from now on.').waitFor();
	await expectAccessible(page);
	await page.getByLabel('Current password').fill(account.password);
	await page.getByLabel('New password').fill('another long password');
	await page.getByRole('button', { name: 'Change password' }).click();
	await page.getByText('The password is changed').waitFor();

	await page.getByRole('button', { name: account.email }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
	await expectAccessible(page);
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	await signIn(page, { ...account, password: 'another long password' });
	await page.getByRole('heading', { name: 'Hello, Berta' }).waitFor();
	visit.forgive(/status of 401/);
});

it('goes on hearing of changes when another session took the place of the one that it was opened with', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const { password } = await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByLabel('Current password').fill(password);
	await page.getByLabel('New password').fill('another long password');
	await page.getByRole('button', { name: 'Change password' }).click();
	await page.getByText('The password is changed').waitFor();
	await page.getByRole('link', { name: 'Claude & MCP' }).click();
	await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
	await ask(dashboard, visit, 'tokens/create', { name: 'Made elsewhere' });
	await page.getByText('Made elsewhere').waitFor();
});

it('speaks the languages of its people, in the light they like', async () => {
	const visit = await dashboard.visit('/sign-in', { locale: 'es-MX', colorScheme: 'dark' });
	const { page } = visit;
	await page.getByRole('heading', { name: 'Hola de nuevo' }).waitFor();
	await expectAccessible(page);
	await page.getByLabel('Idioma').selectOption('pt');
	await page.getByRole('heading', { name: 'Bem-vindo de volta' }).waitFor();
	await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/`);
	await page.getByRole('heading', { name: 'Olá, Berta' }).waitFor();
	await expect.poll(() => page.evaluate<string>('document.documentElement.lang')).toBe('pt');
	const page1 = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
	await page.getByRole('button', { name: 'Berta' }).click();
	await page.getByRole('menuitemradio', { name: 'Claro' }).click();
	await expect
		.poll(() => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor'))
		.not.toBe(page1);
	await page.reload();
	await page.getByRole('heading', { name: 'Olá, Berta' }).waitFor();
	expect(await page.evaluate<string>('document.documentElement.dataset.theme')).toBe('light');
	await expectAccessible(page);
});

it('links by a code, stops, unlinks, and tells when the server is away, on a phone', async () => {
	const visit = await dashboard.visit('/sign-in', { viewport: { width: 390, height: 844 } });
	const { page, context } = visit;
	await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/device`);
	await page.getByRole('button', { name: 'Link a simulated phone' }).click();
	await page.getByRole('button', { name: 'Stop linking' }).click();
	await page.getByRole('button', { name: 'Get a code' }).click();
	await page.getByLabel('Number of the phone').fill('123');
	await page.getByRole('button', { name: 'Get a code' }).click();
	await page.getByText('Must be a phone number in international format, like +15551234567').waitFor();
	await expectAccessible(page);
	await settle(dashboard, visit);
	await page.getByText('Connected', { exact: true }).waitFor();
	await expectAccessible(page);

	await context.setOffline(true);
	await page.getByText('Connection lost. Trying again…').waitFor();
	await expectAccessible(page);
	await context.setOffline(false);
	await page.getByText('Connection lost. Trying again…').waitFor({ state: 'detached' });

	await page.getByRole('button', { name: 'Unlink' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Unlink' }).click();
	await page.getByText('Not linked', { exact: true }).waitFor();
	await page.getByRole('navigation').getByRole('link', { name: 'Groups' }).click();
	await page.getByText('Neighbours').waitFor();
	visit.forgive(/ERR_INTERNET_DISCONNECTED/);
});

it('revokes a token, with effect at once', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/mcp`);
	await page.getByRole('button', { name: 'Create token' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
	await page.getByText('Give it a name, so that you know it later.').waitFor();
	await page.getByLabel('Name', { exact: true }).fill('Cursor');
	await page.getByLabel('Read only').check();
	await page.getByLabel('Expires').selectOption('30');
	await page.getByText('More settings').click();
	await page.getByLabel('Ask a person first').selectOption('required');
	await expectAccessible(page);
	await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
	const token = (await page.getByText(/^cm_pat_/).textContent()) ?? '';
	await page.getByRole('tab', { name: 'Codex' }).click();
	await page.getByText(`http_headers = { "Authorization" = "Bearer ${token}" }`).waitFor();
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByText(/Expires /).waitFor();
	const call = () =>
		fetch(`${dashboard.system.url}/api/groups/list-starred`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}` },
		});
	expect((await call()).status).toBe(200);
	const test = page.getByRole('button', { name: 'Test the connection' });
	await test.click();
	await page.getByText('Everything works from this browser.').waitFor();
	await page.getByText(/^\d+ tools$/).waitFor();
	await page.getByText('list_starred_groups', { exact: true }).waitFor();
	await expectAccessible(page);
	await page.getByLabel('Token to test with').fill(token);
	// What was found before is still on the page when the test begins.
	const calledWithIt = page.waitForResponse((response) => {
		const request = response.request();
		return (
			request.headers().authorization === `Bearer ${token}` &&
			(request.postData() ?? '').includes('list_starred_groups')
		);
	});
	await test.click();
	await calledWithIt;
	await page.getByText('Everything works from this browser.').waitFor();
	await page.getByRole('button', { name: 'Revoke' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
	await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
	expect((await call()).status).toBe(401);
	await test.click();
	await page.getByText('The access token is missing or not valid (any more).').waitFor();
	expect(await page.getByText('The tools are listed – not tried').count()).toBe(1);
	await expectAccessible(page);
	await page.route('**/healthz', (route) => route.abort());
	await test.click();
	await page.getByText('There was no answer. Look whether the server runs').waitFor();
	await page.route('**/healthz', (route) => route.fulfill({ body: '<h1>Welcome to nginx</h1>' }));
	await test.click();
	await page.getByText('Something answers, but it is not Chat Manager').waitFor();
	visit.forgive(/status of 401|ERR_FAILED/);
});
