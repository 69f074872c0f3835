import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'vitest';
import { arrive } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';

const dashboard = withDashboard();

it('adds an endpoint, tests it, shows why it failed, sends again, rotates, pauses and deletes', async () => {
	let status = 500;
	await using receiver = await startReceiver(() => status);
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/webhooks`);
	await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Add endpoint' }).click();
	await page.getByLabel('Address').fill('nowhere');
	await page.getByRole('dialog').getByRole('button', { name: 'Add endpoint' }).click();
	await page.getByText('Enter a whole address, like https://example.com/hooks.').waitFor();
	await expectAccessible(page);
	await page.getByLabel('Address').fill(receiver.url);
	await page.getByLabel('Name', { exact: true }).fill('Support desk');
	await page.getByRole('dialog').getByRole('button', { name: 'Add endpoint' }).click();
	await page.getByText(/^whsec_/).waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Done' }).click();

	await page.getByRole('link', { name: 'Support desk' }).click();
	await page.getByRole('heading', { name: 'No deliveries yet' }).waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Send a test' }).click();
	const delivery = page.getByRole('button', { name: 'webhook.test' });
	await delivery.click();
	await page.getByText('HTTP 500').waitFor();
	await expectAccessible(page);
	status = 200;
	await page.getByRole('button', { name: 'Send again' }).click();
	await page.getByText('HTTP 200').waitFor();
	await page.keyboard.press('Escape');
	await delivery.getByText('Delivered').waitFor();

	await page.getByRole('button', { name: 'Pause' }).click();
	await page.getByText('Paused', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Resume' }).click();
	await page.getByText('Active', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Replay what it missed' }).click();
	await page.getByText('0 deliveries are posted again.').waitFor();
	await page.getByRole('button', { name: 'New secret' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'New secret' }).click();
	await page.getByText(/^whsec_/).waitFor();
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
});

/** A customer's endpoint, which answers with whatever status it is told. */
async function startReceiver(statusNow: () => number): Promise<AsyncDisposable & { url: string }> {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(statusNow()).end('noted');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
