import { join } from 'node:path';
import { askSimulator } from '@chat-manager/dev-env';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrive, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';

/** Pictures of every page, for a person to look at; what a program can tell of them is asserted. */
const folder = join(import.meta.dirname, '../screens');
const dashboard = withDashboard();
let account: Awaited<ReturnType<typeof arrive>>;
let group = '';

const dark = { colorScheme: 'dark' } as const;
const phone = { viewport: { width: 390, height: 844 } } as const;
/** axe looks at each theme and each width once: nothing more comes of the other two. */
const looks: Record<string, { options: BrowserContextOptions; hasAxe: boolean }> = {
	'wide-light': { options: {}, hasAxe: true },
	'wide-dark': { options: dark, hasAxe: false },
	'phone-light': { options: phone, hasAxe: false },
	'phone-dark': { options: { ...phone, ...dark }, hasAxe: true },
};

beforeAll(async () => {
	const visit = await dashboard.visit('/sign-in');
	account = await arrive(dashboard, visit);
	const { jid, you, carlos } = await settle(dashboard, visit);
	group = jid.replace('@g.us', '');
	const { system } = dashboard;
	const subject = 'A very long name of a group that goes on and on until it is cut off 🏡';
	await askSimulator(system, '/admin/groups', { by: carlos, subject, participants: [you] });
	await askSimulator(system, '/admin/groups', {
		by: carlos,
		subject: 'فريق العمل',
		participants: [you],
	});
	for (const text of [
		'Does anybody have a ladder?',
		'مرحبا بالجميع',
		`https://example.com/${'long-'.repeat(40)}`,
	])
		await askSimulator(system, '/admin/messages', { from: carlos, to: jid, text });
});

describe.each(Object.entries(looks))('%s', (look, { options, hasAxe }) => {
	it('shows every page, accessible and without scrolling sideways', async () => {
		const visit = await dashboard.visit('/sign-in', options);
		const { page, context } = visit;
		await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
		await picture(page, 'sign-in');
		await page.goto(`${dashboard.system.url}/app/sign-up`);
		await page.getByRole('heading', { name: 'Create your account' }).waitFor();
		await picture(page, 'sign-up');
		const { email, password } = account;
		await context.request.post(`${dashboard.system.url}/api/auth/sign-in/email`, {
			data: { email, password },
		});
		const pages: Record<string, readonly [path: string, shown: string]> = {
			overview: ['/', 'Neighbours'],
			device: ['/device', 'Connected'],
			groups: ['/groups', 'فريق العمل'],
			messages: [`/groups/${group}`, 'مرحبا بالجميع'],
			members: [`/groups/${group}?tab=members`, 'Carlos'],
			changes: [`/groups/${group}?tab=changes`, 'Mark as visited'],
			mcp: ['/settings/mcp', 'No tokens yet'],
			webhooks: ['/settings/webhooks', 'No endpoints yet'],
			activity: ['/settings/activity', 'No calls yet'],
			account: ['/settings/account', 'Message storage'],
		};
		for (const [name, [path, shown]] of Object.entries(pages)) {
			await page.goto(`${dashboard.system.url}/app${path}`);
			await page.getByText(shown).first().waitFor();
			await picture(page, name);
		}
	});

	async function picture(page: Page, name: string) {
		await page.screenshot({ path: join(folder, `${name}-${look}.png`) });
		const overhang = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
		expect(await page.evaluate<number>(overhang), `${name} scrolls sideways`).toBe(0);
		if (hasAxe) await expectAccessible(page);
	}
});
