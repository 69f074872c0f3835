import { expect, it } from 'vitest';
import { z } from 'zod';
import { arrive, ask } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';

const dashboard = withDashboard();
const phone = { viewport: { width: 360, height: 740 } };

it('shows on a phone in which section of the settings one is', async () => {
	const visit = await dashboard.visit('/sign-in', phone);
	const { page } = visit;
	await arrive(dashboard, visit);
	const sections = page.getByRole('navigation', { name: 'Settings' });
	const isWhole = async (name: string) => {
		const box = await sections.getByRole('link', { name }).boundingBox();
		return box !== null && box.x >= 0 && box.x + box.width <= phone.viewport.width;
	};
	await page.goto(`${dashboard.system.url}/app/settings/account`);
	await page.getByRole('heading', { name: 'Account', exact: true }).waitFor();
	await expect.poll(() => isWhole('Account')).toBe(true);
	// And after going from one to another, without loading the page anew.
	await page.goto(`${dashboard.system.url}/app/settings/mcp`);
	await expect.poll(() => isWhole('Claude & MCP')).toBe(true);
	await sections.getByRole('link', { name: 'Webhooks' }).press('Enter');
	await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
	await expect.poll(() => isWhole('Webhooks')).toBe(true);
	await expectAccessible(page);
});

it('tells on a phone all of a call: by which token, when, and how long it took', async () => {
	const visit = await dashboard.visit('/sign-in', phone);
	const { page } = visit;
	await arrive(dashboard, visit);
	const made = await ask(dashboard, visit, 'tokens/create', { name: 'Reports of the neighbourhood' });
	const { token } = z.object({ token: z.string() }).parse(made);
	const called = await fetch(`${dashboard.system.url}/api/groups/list-starred`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
	});
	expect(called.status).toBe(200);
	await page.goto(`${dashboard.system.url}/app/settings/activity`);
	await page.getByText(/ms$/).waitFor();
	const isWhole = `[...document.querySelectorAll('.row p')].every((line) => line.scrollWidth <= line.clientWidth)`;
	await expect.poll(() => page.evaluate<boolean>(isWhole)).toBe(true);
	await expectAccessible(page);
});
