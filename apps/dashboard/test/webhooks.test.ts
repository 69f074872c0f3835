import { expect, it } from 'vitest';
import { arrive, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { openEvents } from './support/events.ts';
import { startReceiver } from './support/receiver.ts';

const dashboard = withDashboard();
const hourMs = 3_600_000;

it('adds an endpoint, tests it, shows why it failed, sends again, rotates, pauses and deletes', async () => {
	let status = 500;
	let posts = 0;
	await using receiver = await startReceiver(() => {
		posts++;
		return status;
	});
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	await settle(dashboard, visit);
	// What happened until now is no delivery of an endpoint that comes later.
	await using events = await openEvents(dashboard);
	await events.handledBy('webhooks');
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
	// It may have been tried again by itself.
	await page.getByText('HTTP 500').first().waitFor();
	await expectAccessible(page);
	status = 200;
	await page.getByRole('button', { name: 'Send again' }).click();
	await page.getByText('HTTP 200').first().waitFor();
	await page.keyboard.press('Escape');
	await delivery.getByText('Delivered').waitFor();

	await page.getByRole('button', { name: 'Edit' }).click();
	await page.getByLabel('Address').fill('nowhere');
	await page.getByRole('radio', { name: 'Only these' }).check();
	for (const box of await page.getByRole('group', { name: 'Which events' }).getByRole('checkbox').all())
		await box.uncheck();
	await page.getByRole('button', { name: 'Save' }).click();
	for (const fault of ['Enter a whole address', 'Choose at least one event', 'Choose at least one group'])
		await page.getByText(fault).waitFor();
	await expectAccessible(page);
	await page.getByLabel('Address').fill(`${receiver.url}/desk`);
	await page.getByLabel('Name', { exact: true }).fill('Help desk');
	await page.getByLabel('message.received').check();
	await page.getByLabel('member.joined').check();
	await page.getByLabel('Neighbours').check();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('heading', { name: 'Help desk' }).waitFor();
	await page.getByText('Only 1 group · 2 events: message.received, member.joined').waitFor();

	await page.getByLabel('Outcome').selectOption('given_up');
	await page.getByRole('heading', { name: 'No delivery is like that' }).waitFor();
	await page.getByLabel('Outcome').selectOption('');
	await page.getByRole('button', { name: 'Pause' }).click();
	await page.getByText('Paused', { exact: true }).waitFor();
	await page.getByText('It is paused: what happens waits').waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Resume' }).click();
	await page.getByText('Active', { exact: true }).waitFor();

	await page.getByRole('button', { name: 'Replay' }).click();
	await page.getByLabel('From').fill('');
	await page
		.getByRole('dialog', { name: 'Replay deliveries' })
		.getByRole('button', { name: 'Replay' })
		.click();
	await page.getByText('Enter a date and a time.').waitFor();
	await expectAccessible(page);
	await page.getByLabel('From').fill(localTime(-2 * hourMs));
	await page
		.getByRole('dialog', { name: 'Replay deliveries' })
		.getByRole('button', { name: 'Replay' })
		.click();
	await page.getByRole('dialog', { name: 'Replay deliveries' }).waitFor({ state: 'detached' });
	await page.getByText('0 deliveries are posted again.').waitFor();
	await page.getByRole('button', { name: 'Replay' }).click();
	await page.getByLabel('From').fill(localTime(-2 * hourMs));
	await page.getByLabel('Until').fill(localTime(2 * hourMs));
	await page.getByRole('radio', { name: 'Everything in that time' }).check();
	const before = posts;
	await page
		.getByRole('dialog', { name: 'Replay deliveries' })
		.getByRole('button', { name: 'Replay' })
		.click();
	await page.getByRole('dialog', { name: 'Replay deliveries' }).waitFor({ state: 'detached' });
	await page.getByText('1 delivery is posted again.').waitFor();
	await expect.poll(() => posts).toBe(before + 1);

	await page.getByRole('button', { name: 'New secret' }).click();
	await page.getByText('signs too for 24 hours').waitFor();
	await page.getByRole('alertdialog').getByRole('button', { name: 'New secret' }).click();
	await page.getByText(/^whsec_/).waitFor();
	await page.getByText(/^The old secret signs too until /).waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Done' }).click();

	// 410: it wants nothing any more. That it is disabled comes by itself, with what to do.
	status = 410;
	await page.getByRole('button', { name: 'Send a test' }).click();
	const trouble = page.locator('.note', { hasText: 'It answered 410 Gone, so nothing is posted any more.' });
	await trouble.locator('svg').waitFor();
	await expectAccessible(page);
	expect(await page.getByRole('button', { name: 'Replay' }).isDisabled()).toBe(true);
	status = 200;
	await page.getByRole('button', { name: 'Resume' }).click();
	await page.getByText('Active', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Replay' }).click();
	await page
		.getByRole('dialog', { name: 'Replay deliveries' })
		.getByRole('button', { name: 'Replay' })
		.click();
	await page.getByRole('dialog', { name: 'Replay deliveries' }).waitFor({ state: 'detached' });
	await page.getByText('1 delivery is posted again.').first().waitFor();
	await expect.poll(() => page.getByText('Delivered', { exact: true }).count()).toBe(3);

	await page.getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
});

/** A moment from now as a field for it holds it, in the browser's time zone, which is the machine's. */
function localTime(fromNowMs: number): string {
	const date = new Date(Date.now() + fromNowMs - new Date().getTimezoneOffset() * 60_000);
	return date.toISOString().slice(0, 16);
}
