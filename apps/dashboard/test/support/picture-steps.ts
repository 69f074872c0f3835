import { randomInt } from 'node:crypto';
import { askSimulator } from '@chat-manager/dev-env';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { arrive, ask, getPhone, link } from './arrive.ts';
import type { Dashboard, Visit } from './dashboard.ts';
import { forgetSession } from './person.ts';
import { startReceiver } from './receiver.ts';

/** Lets a picture be taken of what is on a page only for a while: codes, secrets that are shown once, what a test found. */
export async function pictureSteps(
	dashboard: Dashboard,
	visit: Visit,
	picture: (page: Page, name: string) => Promise<void>,
): Promise<void> {
	const { page } = visit;
	const open = (path: string) => page.goto(`${dashboard.system.url}/app${path}`);
	await forgetSession(page);
	await arrive(dashboard, visit);
	await open('/device');
	await page.getByText('How do you want to link?').waitFor();
	await picture(page, 'link');
	await ask(dashboard, visit, 'devices/link', { network: 'simulated' });
	await page.getByRole('img', { name: 'QR code for linking a device' }).waitFor();
	await picture(page, 'link-by-qr');
	await ask(dashboard, visit, 'devices/unlink');
	const phone = `+1555${randomInt(1_000_000, 9_999_999)}`;
	await ask(dashboard, visit, 'devices/link', { network: 'simulated', method: 'code', phone });
	await page.getByText(/^Valid for another \d+ s$/).waitFor();
	await picture(page, 'link-by-code');
	await ask(dashboard, visit, 'devices/unlink');
	await link(dashboard, visit, await getPhone(dashboard, 'Berta'));

	await open('/settings/mcp');
	await page.getByRole('button', { name: 'Create token' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Claude Desktop');
	await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
	await page.getByRole('heading', { name: 'Your token' }).waitFor();
	await picture(page, 'token-shown');
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByRole('button', { name: 'Test the connection' }).click();
	await page.getByText('Everything works from this browser.').scrollIntoViewIfNeeded();
	await picture(page, 'connection-test');
	await open('/settings/activity');
	await page.getByText('list_starred_groups').waitFor();
	await picture(page, 'calls');

	await using receiver = await startReceiver(() => 500);
	await open('/settings/webhooks');
	await page.getByRole('button', { name: 'Add endpoint' }).click();
	await page.getByLabel('Address').fill(receiver.url);
	await page.getByRole('dialog').getByRole('button', { name: 'Add endpoint' }).click();
	await page.getByText(/^whsec_/).waitFor();
	await picture(page, 'secret-shown');
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByRole('link', { name: receiver.url }).click();
	await page.getByRole('button', { name: 'Send a test' }).click();
	await page.getByRole('button', { name: 'webhook.test' }).click();
	await page.getByText('HTTP 500').waitFor();
	await picture(page, 'delivery');
	await pictureTrouble(dashboard, visit, picture);
}

/** What stands in the way: a refusal, a lost connection, a session that ended. */
async function pictureTrouble(
	dashboard: Dashboard,
	visit: Visit,
	picture: (page: Page, name: string) => Promise<void>,
): Promise<void> {
	const { page, context, forgive } = visit;
	const { system } = dashboard;
	const open = (path: string) => page.goto(`${system.url}/app${path}`);
	const { phone } = Device.parse(await ask(dashboard, visit, 'devices/get'));
	const you = phone.replace('+', '');
	const group = {
		by: you,
		subject: 'عائلة 👨‍👩‍👧 – The neighbours of the very long street by the river',
		participants: [],
	};
	const { id: jid } = Group.parse(await askSimulator(system, '/admin/groups', group));
	await ask(dashboard, visit, 'groups/star', { jid });
	await open(`/groups/${jid.replace('@g.us', '')}`);
	await page.getByRole('button', { name: 'Edit' }).click();
	const slow = { kind: 'error', match: { tag: 'iq', xmlns: 'w:g2', type: 'set' }, code: 429, device: you };
	await askSimulator(system, '/admin/faults', slow);
	await page.getByLabel('Name', { exact: true }).fill('Another name');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText(/WhatsApp asks to slow down/).waitFor();
	await picture(page, 'refused');
	await page.keyboard.press('Escape');
	await context.setOffline(true);
	await page.getByText('Connection lost. Trying again…').waitFor();
	await picture(page, 'connection-lost');
	await context.setOffline(false);
	await page.getByText('Connection lost. Trying again…').waitFor({ state: 'detached' });
	// In another window of the same browser: this page hears of it by itself.
	await ask(dashboard, visit, 'auth/sign-out', {});
	await page.getByText('Your session has ended.').waitFor();
	await picture(page, 'session-ended');
	forgive(/status of|ERR_INTERNET_DISCONNECTED/);
}

const Device = z.object({ phone: z.string() });
const Group = z.object({ id: z.string() });
