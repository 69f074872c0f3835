import { askSimulator } from '@chat-manager/dev-env';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { getPhones, link, meetNeighbours } from './support/arrive.ts';
import { withDashboard } from './support/dashboard.ts';
import { newAccount } from './support/person.ts';
import { startReceiver } from './support/receiver.ts';

const dashboard = withDashboard();

it('does everything by keyboard alone', { timeout: 180_000 }, async () => {
	await using receiver = await startReceiver(() => 200);
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const keys = keysOf(page);
	const account = newAccount('Ana');

	// Signing up.
	await keys.press('Create account');
	await page.getByRole('heading', { name: 'Create your account' }).waitFor();
	await keys.type('Your name', account.name);
	await keys.type('E-mail', account.email);
	await keys.type('Password', account.password);
	await keys.press('Create account');
	await page.getByRole('heading', { name: 'Hello, Ana' }).waitFor();

	// The skip link is the first thing, and leads past the navigation.
	await page.reload();
	await page.getByRole('link', { name: 'Link your device' }).waitFor();
	await page.keyboard.press('Tab');
	await expect.poll(keys.focused).toBe('Skip to the content');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await expect.poll(keys.focused).toBe('Link your device');

	// The menu of the person: arrows inside, Escape out, and the focus where it was.
	const menu = new RegExp(account.email);
	await keys.press(menu);
	await keys.arrowTo('ArrowDown', 'Dark');
	await page.keyboard.press('Enter');
	await expect.poll(() => page.evaluate<string>('document.documentElement.dataset.theme')).toBe('dark');
	await page.keyboard.press('Escape');
	await expect.poll(keys.focused).toContain(account.email);

	// Linking, and stopping it.
	await keys.press('Device');
	await keys.press('Link a simulated phone');
	await page.getByRole('img', { name: 'QR code for linking a device' }).waitFor();
	await keys.press('Stop linking');
	await page.getByText('Not linked', { exact: true }).waitFor();
	const neighbours = await meetNeighbours(dashboard, 'Allotments');
	await askSimulator(dashboard.system, `/admin/groups/${neighbours.jid}/participants`, {
		by: neighbours.you,
		action: 'add',
		phones: await getPhones(dashboard, 120),
	});
	await link(dashboard, visit, neighbours.you);
	await page.getByText('Connected', { exact: true }).waitFor();

	// Starring.
	await keys.press('Groups');
	await keys.press('Star Allotments');
	await page.getByRole('link', { name: 'Allotments' }).waitFor();
	await keys.press(/Allotments 122 members/);
	await page.getByRole('heading', { name: 'Allotments' }).waitFor();

	// Tabs by arrows; what was tabbed to in a virtual list comes into view.
	await keys.tabTo('Messages');
	await page.keyboard.press('ArrowRight');
	await expect.poll(keys.focused).toBe('Members');
	await page.keyboard.press('Enter');
	const last = page.getByRole('list', { name: 'Members' }).getByRole('listitem').last();
	await last.waitFor();
	await page.keyboard.press('End');
	await page.keyboard.press('Tab');
	// Rows are measured when they are seen, and the end moves with that.
	await expect
		.poll(async () => {
			await page.keyboard.press('End');
			return last.getAttribute('aria-posinset');
		})
		.toBe('122');
	await page.keyboard.press('Home');

	// Dialogs: the focus goes in, stays in, and comes back.
	await keys.press('Edit');
	await page.getByRole('dialog', { name: 'Name and description' }).waitFor();
	for (let index = 0; index < 12; index++) {
		await page.keyboard.press('Tab');
		await expect.poll(() => page.evaluate<boolean>(isInDialog)).toBe(true);
	}
	await keys.type('Description', 'Every Saturday.');
	await keys.press('Save');
	await page.getByRole('dialog', { name: 'Name and description' }).waitFor({ state: 'detached' });
	await page.getByText('Every Saturday.').waitFor();
	await expect.poll(keys.focused).toBe('Edit');
	await keys.press('Remove the star from Allotments');
	await page.getByRole('alertdialog').waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('alertdialog').waitFor({ state: 'detached' });
	await expect.poll(keys.focused).toBe('Remove the star from Allotments');
	await keys.press('Invite link');
	await page.getByRole('img', { name: 'QR code of the invite link' }).waitFor();
	await keys.press('Copy link');
	await expect
		.poll(() => page.evaluate<string>('navigator.clipboard.readText()'))
		.toMatch(/^https:\/\/chat\.whatsapp\.com\//);
	await page.keyboard.press('Escape');

	// The chart says its days to the arrow keys.
	await keys.tabTo('Messages', 'Members', 'Joined and left', 'Over time');
	await keys.arrowTo('ArrowRight', 'Over time');
	await page.keyboard.press('Enter');
	await page.getByText('Messages per day').first().waitFor();
	await keys.press('Show as a table');
	await page.getByRole('table').waitFor();

	// A token.
	await keys.press('Claude & MCP');
	await keys.press('Create token');
	await keys.type('Name', 'Claude');
	await keys.tabTo('Read only');
	await page.keyboard.press('Space');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Your token' }).waitFor();
	await keys.press('Done');
	await page.getByText('Not used yet').waitFor();
	await keys.press('Test the connection');
	await page.getByText('Everything works from this browser.').waitFor();
	expect(await page.getByRole('button', { name: 'Revoke' }).count()).toBe(1); // That of the test is gone.
	await keys.press('Revoke');
	await page.getByRole('alertdialog').waitFor();
	await keys.press('Revoke');
	await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();

	// An endpoint, and its delivery.
	await keys.press('Webhooks');
	await keys.press('Add endpoint');
	await keys.type('Address', receiver.url);
	await page.keyboard.press('Enter');
	await page.getByText(/^whsec_/).waitFor();
	await keys.press('Done');
	await keys.press(/^Webhook http/);
	await keys.press('Send a test');
	await page.getByRole('button', { name: 'webhook.test' }).getByText('Delivered').waitFor();
	await keys.press(/^webhook\.test/);
	await page.getByText('HTTP 200').waitFor();
	await page.keyboard.press('Escape');
	await expect.poll(keys.focused).toContain('webhook.test');

	// The way out.
	await keys.press(menu);
	await keys.arrowTo('ArrowDown', 'Sign out');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	// What was on its way at that moment.
	visit.forgive(/status of 401/);
});

/** What is before and behind the dialog hands the focus on. */
const isInDialog = `document.activeElement.closest('.dialog') !== null`;
/**
 * A dialog or menu takes the focus a moment after it is seen, and gives it back a moment after it is closed: a key pressed in
 * between is one that nobody would press.
 */
const isAtHome = `(() => {
	const open = document.querySelectorAll('.dialog, .menu');
	return [...open].every((popup) => !popup.hasAttribute('data-closed')) &&
		(open.length === 0 || [...open].some((popup) => popup.contains(document.activeElement)));
})()`;

/** Once around any page of these. */
const maxTabs = 90;

const nameOfFocused = `(() => {
	const element = document.activeElement;
	if (element === document.body) return '';
	const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '';
	return label.replace(/\\s+/g, ' ').replace(/ \\(optional\\)$/, '').trim();
})()`;

/** Once the page has done what it does about a key in the next frame. */
const nameOfSettled = `new Promise(requestAnimationFrame)
	.then(() => new Promise(requestAnimationFrame))
	.then(() => ${nameOfFocused})`;

function keysOf(page: Page) {
	const focused = () => page.evaluate<string>(nameOfFocused);
	const settled = () => page.evaluate<string>(nameOfSettled);
	const atHome = () => expect.poll(() => page.evaluate<boolean>(isAtHome)).toBe(true);

	/** Goes on with Tab, around the page, until something of one of these names is there, has the focus, and keeps it. */
	async function tabTo(...names: (string | RegExp)[]): Promise<void> {
		const isWanted = (name: string) =>
			names.some((wanted) => (typeof wanted === 'string' ? wanted === name : wanted.test(name)));
		await atHome();
		await expect
			.poll(
				async () => {
					const seen = new Set<string>();
					for (let index = 0; index < maxTabs; index++) {
						await page.keyboard.press('Tab');
						const name = await focused();
						if (isWanted(name) && isWanted(await settled())) return 'reached';
						seen.add(name);
					}
					return [...seen].join(' | ');
				},
				{ message: `by Tab to ${names.join(' or ')}` },
			)
			.toBe('reached');
	}

	return {
		focused,
		tabTo,
		async press(name: string | RegExp): Promise<void> {
			await tabTo(name);
			await page.keyboard.press('Enter');
		},
		async type(name: string, text: string): Promise<void> {
			await tabTo(name);
			await page.keyboard.press('ControlOrMeta+A');
			await page.keyboard.type(text);
		},
		/** Inside of a menu, or along tabs. */
		async arrowTo(key: 'ArrowDown' | 'ArrowRight', name: string): Promise<void> {
			if (key === 'ArrowDown') await page.getByRole('menu').waitFor();
			await atHome();
			await expect
				.poll(async () => {
					const reached = await settled();
					if (reached !== name) await page.keyboard.press(key);
					return reached;
				})
				.toBe(name);
		},
	};
}
