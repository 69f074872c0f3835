import { expect, it } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { newAccount, signUp } from './support/person.ts';

const dashboard = withDashboard();

it('leads from the first visit to the first call, and ticks each step off by itself', async () => {
	const { page, context } = await dashboard.visit();
	await page.getByRole('link', { name: 'Create account' }).click();
	await page.getByRole('heading', { name: 'Create your account' }).waitFor();
	await expectAccessible(page);
	await signUp(page, newAccount());
	await page.getByText('0 of 4 done').waitFor();
	await expectAccessible(page);

	await page.getByRole('link', { name: 'Link your device' }).click();
	await page.getByText('How do you want to link?').waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Link a simulated phone' }).click();
	await page.getByRole('img', { name: 'QR code for linking a device' }).waitFor();
	await page.getByText(/^Renews itself in \d+ s$/).waitFor();
	await expectAccessible(page);
	const phone = await openPhone();
	await phone.getByRole('button', { name: 'Scan', exact: true }).click();
	await phone.getByRole('button', { name: 'Scan', exact: true }).waitFor({ state: 'detached' });
	await phone.close();
	await page.getByText('Connected', { exact: true }).waitFor();
	await expectAccessible(page);

	await page.getByRole('link', { name: 'Choose groups' }).click();
	await page.getByText('4 members').waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Star Neighbours' }).click();
	await page.getByRole('link', { name: 'Neighbours' }).waitFor();
	await page.getByRole('link', { name: 'Overview' }).click();
	await page.getByText('2 of 4 done').waitFor();

	await page.getByRole('link', { name: 'Create a token' }).click();
	await page.getByRole('button', { name: 'Create token' }).click();
	await page.getByRole('heading', { name: 'New token' }).waitFor();
	await expectAccessible(page);
	await page.getByLabel('Name', { exact: true }).fill('Claude Desktop');
	await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
	await page.getByRole('heading', { name: 'Your token' }).waitFor();
	await expectAccessible(page);
	const token = (await page.getByText(/^cm_pat_/).textContent()) ?? '';
	await page.getByRole('button', { name: 'Copy token' }).click();
	await expect.poll(() => page.evaluate<string>('navigator.clipboard.readText()')).toBe(token);
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByText('Not used yet').waitFor();
	await page.getByRole('link', { name: 'Overview' }).click();
	await page.getByText('3 of 4 done').waitFor();

	const answer = await fetch(`${dashboard.system.url}/mcp`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({
			jsonrpc: '2.0',
			id: 1,
			method: 'tools/call',
			params: { name: 'list_starred_groups', arguments: {} },
		}),
	});
	expect(await answer.text()).toContain('Neighbours');
	await page.getByRole('heading', { name: 'Everything is set up' }).waitFor();
	await expectAccessible(page);

	await page.getByRole('link', { name: 'Activity' }).click();
	await page.getByText('list_starred_groups').waitFor();
	await page.getByLabel('Outcome').selectOption('asked');
	await page.getByRole('heading', { name: 'No call is like that' }).waitFor();
	await expectAccessible(page);

	/** The simulated phone, opened by the dashboard with the code in its hand. */
	async function openPhone() {
		const opened = context.waitForEvent('page');
		await page.getByRole('link', { name: 'Scan with the simulated phone' }).click();
		return await opened;
	}
});
