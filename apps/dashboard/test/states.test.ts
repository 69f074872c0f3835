import { askSimulator } from '@chat-manager/dev-env';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { arrive, ask, link, meetNeighbours, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';

const dashboard = withDashboard();
const numberOf = (jid: string) => jid.replace('@g.us', '');

it('says when the server is away, comes back by itself, and shows what happened meanwhile', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page, context } = visit;
	await arrive(dashboard, visit);
	const { jid, carlos } = await settle(dashboard, visit);
	const { system } = dashboard;
	await page.goto(`${system.url}/app/groups/${numberOf(jid)}`);
	await page.getByRole('heading', { name: 'No messages yet' }).waitFor();
	await context.setOffline(true);
	const banner = page.getByText('Connection lost. Trying again…');
	await banner.waitFor();
	await expectAccessible(page);
	await askSimulator(system, '/admin/messages', { from: carlos, to: jid, text: 'While you were away' });
	await context.setOffline(false);
	await banner.waitFor({ state: 'detached' });
	await page.getByText('While you were away').waitFor();
	await askSimulator(system, '/admin/messages', { from: carlos, to: jid, text: 'And now live again' });
	await page.getByText('And now live again').waitFor();
	visit.forgive(/ERR_INTERNET_DISCONNECTED/);
});

it('leads back to where one was when the session has expired', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page, context } = visit;
	const { email, password } = await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/settings/activity`);
	await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
	// In another browser of the same person: all others are signed out.
	const other = await dashboard.browser.newContext();
	const post = (path: string, data: object) =>
		other.request.post(`${dashboard.system.url}/api/auth/${path}`, { data });
	await post('sign-in/email', { email, password });
	await post('revoke-other-sessions', {});
	await other.close();
	await page.getByText('Your session has ended.').waitFor();
	await expectAccessible(page);
	expect((await context.cookies()).length).toBeLessThanOrEqual(1);
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
	visit.forgive(/status of 401/);
});

it('tells what WhatsApp refuses, and until when, in the words of the person', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	const { jid, carlos, you } = await settle(dashboard, visit);
	const { system } = dashboard;
	const fault = (body: object) => askSimulator(system, '/admin/faults', { device: you, ...body });
	const rename = async (name: string) => {
		await page.getByLabel('Name', { exact: true }).fill(name);
		await page.getByRole('button', { name: 'Save' }).click();
	};
	const club = { by: carlos, subject: 'Club of Carlos', participants: [you] };
	const { id } = z.object({ id: z.string() }).parse(await askSimulator(system, '/admin/groups', club));
	await ask(dashboard, visit, 'groups/star', { jid: id });
	await page.goto(`${system.url}/app/groups/${numberOf(id)}`);
	await page.getByRole('button', { name: 'Invite link' }).click();
	await page.getByText(/^Only admins of the group may do this, and you are not one\./).waitFor();
	await expectAccessible(page);

	await page.goto(`${system.url}/app/groups/${numberOf(jid)}`);
	await page.getByRole('button', { name: 'Edit' }).click();
	await fault({ kind: 'error', match: { tag: 'iq', xmlns: 'w:g2', type: 'set' }, code: 429 });
	const askedAt = Date.now();
	await rename('Neighbours of the river');
	await page.getByText('WhatsApp asks to slow down, and nothing was changed.').waitFor();
	const until = (await page.getByText(/Try again after/).textContent())?.split('Try again after ')[1];
	expect(soon(askedAt)).toContain(until);
	await expectAccessible(page);
	await page.keyboard.press('Escape');

	await fault({ kind: 'offline', forMs: 600_000 });
	await page.goto(`${system.url}/app/groups/${numberOf(jid)}?tab=members`);
	await page.getByText('Your WhatsApp is not connected at the moment.').waitFor();
	await expectAccessible(page);
	await page.goto(`${system.url}/app/groups`);
	await page.getByText('Starred groups are shown from the record.').waitFor();
	await expectAccessible(page);
	visit.forgive(/status of (40|42|50)/);
});

it('says that clients use another address than the one at which the dashboard was opened', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page, context } = visit;
	const { email, password } = await arrive(dashboard, visit);
	const there = dashboard.system.url;
	// Another name of this machine: the same page to the server, and another origin to the browser.
	const here = there.replace('localhost', '127.0.0.1');
	expect(here).not.toBe(there);
	await context.request.post(`${here}/api/auth/sign-in/email`, { data: { email, password } });
	const tokensOf = async () => JSON.stringify(await ask(dashboard, visit, 'tokens/list'));
	await page.goto(`${here}/app/settings/mcp`);
	await page.getByRole('button', { name: 'Test the connection' }).click();
	await page.getByText(`You opened the dashboard at ${here}, but clients use ${there}.`).waitFor();
	await page.getByText('its operator has to correct CM_PUBLIC_URL').waitFor();
	await expectAccessible(page);
	expect(await page.getByText('The token is accepted – not tried').count()).toBe(1);
	expect(await page.getByText('Everything works from this browser.').count()).toBe(0);
	// The token that it made for itself is revoked although it came to nothing.
	await vi.waitFor(async () => expect(await tokensOf()).toContain('"tokens":[]'), { timeout: 20_000 });

	await page.goto(`${there}/app/settings/mcp`);
	await page.getByRole('button', { name: 'Test the connection' }).click();
	await page.getByText('Everything works from this browser.').waitFor();
});

it('says on every page of an empty account what comes there and what to do', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	const empty: Record<string, string> = {
		'/': '0 of 4 done',
		'/device': 'How do you want to link?',
		'/groups': 'Link your WhatsApp first',
		'/settings/mcp': 'No tokens yet',
		'/settings/webhooks': 'No endpoints yet',
		'/settings/activity': 'No calls yet',
	};
	for (const [path, shown] of Object.entries(empty)) {
		await page.goto(`${dashboard.system.url}/app${path}`);
		await page.getByText(shown).waitFor();
		await expectAccessible(page);
	}
});

/** How the page can write a time within the next hour. */
function soon(fromMs: number): string[] {
	const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
	const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
	return Array.from({ length: 60 }, (_, minutes) => new Date(fromMs + minutes * 60_000)).flatMap((at) => [
		`${clock.format(at)}.`,
		`${full.format(at)}.`,
	]);
}

const names = {
	'a very long name': `${'The neighbours of the very long street by the river '.repeat(2).slice(0, 99)}!`,
	'a name without a space': 'Straßenbahnhaltestellenanwohnergemeinschaft'.repeat(2).slice(0, 100),
	'a name from right to left': 'فريق العمل – مجموعة الجيران',
	'a name of emoji': '🏡👨‍👩‍👧‍👦🏳️‍🌈 🇲🇽🎉',
};

it('shows every name as it is, wide and on a phone, without scrolling sideways', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	const { you, jid } = await meetNeighbours(dashboard);
	const { system } = dashboard;
	await link(dashboard, visit, you);
	for (const [what, subject] of Object.entries(names)) {
		await askSimulator(system, `/admin/groups/${jid}/subject`, { by: you, subject }, { method: 'PUT' });
		await ask(dashboard, visit, 'groups/star', { jid });
		for (const viewport of [
			{ width: 1280, height: 860 },
			{ width: 360, height: 740 },
		]) {
			await page.setViewportSize(viewport);
			for (const path of ['/', '/groups', `/groups/${numberOf(jid)}`]) {
				await page.goto(`${system.url}/app${path}`);
				await page.getByText(subject, { exact: true }).first().waitFor();
				const overhang = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
				expect(await page.evaluate<number>(overhang), `${what} at ${path}`).toBe(0);
			}
			// A menu and a dialog with it in them.
			await page.getByRole('button', { name: `Remove the star from ${subject}` }).click();
			await page.getByRole('alertdialog').waitFor();
			await expectAccessible(page);
			await page.keyboard.press('Escape');
		}
	}
});
