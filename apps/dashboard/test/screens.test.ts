import { join } from 'node:path';
import { askSimulator } from '@chat-manager/dev-env';
import { isFull } from '@chat-manager/test-run';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { arrive, ask, settle } from './support/arrive.ts';
import { atRest, expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { type History, openHistory, somebody } from './support/fill.ts';
import { pictureSteps } from './support/picture-steps.ts';
import { startReceiver } from './support/receiver.ts';

/** Pictures of every page, for a person to look at; what a program can tell of them is asserted. */
const folder = join(import.meta.dirname, '../screens');
const dashboard = withDashboard();
let account: Awaited<ReturnType<typeof arrive>>;
let group = '';
let webhook = '';
/** A group of which only the record knows, for its past: two months, with a quiet week in them. */
const choir = '120363900000000001';
const dayMs = 86_400_000;

const dark = { colorScheme: 'dark' } as const;
const phone = { viewport: { width: 390, height: 844 } } as const;
/** axe looks at each theme and each width once: nothing more comes of the other two, which are for a person to look at. */
const looks: Record<string, { options: BrowserContextOptions; hasAxe: boolean }> = {
	'wide-light': { options: {}, hasAxe: true },
	'wide-dark': { options: dark, hasAxe: false },
	'phone-light': { options: phone, hasAxe: false },
	'phone-dark': { options: { ...phone, ...dark }, hasAxe: true },
};

beforeAll(async () => {
	const visit = await dashboard.visit('/sign-in');
	account = await arrive(dashboard, visit);
	const neighbours = await settle(dashboard, visit);
	const { jid, you, carlos } = neighbours;
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
	const content = {
		kind: 'document',
		fileName: 'plan of the yard.pdf',
		mimetype: 'application/pdf',
		data: 'JVBERi0=',
	};
	await askSimulator(system, '/admin/messages', { from: carlos, to: jid, content });
	await ask(dashboard, visit, 'messages/send', { jid, text: 'I have one. It is in the shed, take it.' });
	await using history = await openHistory(dashboard, account.id, neighbours);
	await history.publish(pastOf(history));
	await history.settled();
	await ask(dashboard, visit, 'tokens/create', { name: 'Claude Desktop' });
	await ask(dashboard, visit, 'tokens/create', { name: 'Reports', readOnly: true, groups: [jid] });
	await using receiver = await startReceiver(() => 500);
	const made = await ask(dashboard, visit, 'webhooks/add', { url: receiver.url, name: 'Help desk' });
	webhook = z.object({ id: z.string() }).parse(made).id;
	await ask(dashboard, visit, 'webhooks/test', { id: webhook });
	await vi.waitFor(
		async () => {
			const list = await ask(dashboard, visit, 'webhooks/list');
			expect(JSON.stringify(list)).toContain('"failingSince":"2');
		},
		{ timeout: 30_000 },
	);
});

describe.each(Object.entries(looks).filter(([, { hasAxe }]) => isFull || hasAxe))(
	'%s',
	// All pictures take longer than a test does.
	{ timeout: isFull ? 300_000 : 90_000 },
	(look, { options, hasAxe }) => {
		it('shows every page, accessible and without scrolling sideways', async () => {
			const visit = await dashboard.visit('/sign-in', options);
			const { page, context } = visit;
			await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
			await picture(page, 'sign-in');
			await page.goto(`${dashboard.system.url}/app/sign-up`);
			await page.getByRole('heading', { name: 'Create your account' }).waitFor();
			await picture(page, 'sign-up');
			const open: Record<string, readonly [path: string, heading: string]> = {
				'forgotten-password': ['/forgotten-password', 'Choose a new password'],
				'reset-password': ['/reset-password#token=only-to-look-at', 'Choose a new password'],
				'confirm-email': ['/confirm-email#token=only-to-look-at', 'Confirm your e-mail address'],
				goodbye: ['/goodbye', 'Your account is deleted'],
			};
			for (const [name, [path, heading]] of Object.entries(open)) {
				await page.goto(`${dashboard.system.url}/app${path}`);
				await page.getByRole('heading', { name: heading }).waitFor();
				await picture(page, name);
			}
			const { email, password } = account;
			await context.request.post(`${dashboard.system.url}/api/auth/sign-in/email`, {
				data: { email, password },
			});
			const pages: Record<string, readonly [path: string, shown: string]> = {
				overview: ['/', 'Harbour choir'],
				device: ['/device', 'Connected'],
				groups: ['/groups', 'فريق العمل'],
				messages: [`/groups/${group}`, 'مرحبا بالجميع'],
				members: [`/groups/${group}?tab=members`, 'Carlos'],
				changes: [`/groups/${choir}?tab=changes`, 'Zoë'],
				history: [`/groups/${choir}?tab=history`, 'Show as a table'],
				mcp: ['/settings/mcp', 'Reports'],
				webhooks: ['/settings/webhooks', 'Help desk'],
				webhook: [`/settings/webhooks/${webhook}`, 'webhook.test'],
				activity: ['/settings/activity', 'No calls yet'],
				account: ['/settings/account', 'This one'],
			};
			for (const [name, [path, shown]] of Object.entries(pages)) {
				await page.goto(`${dashboard.system.url}/app${path}`);
				await page.getByText(shown).first().waitFor();
				if (name === 'history') await page.locator('.recharts-bar-rectangle').first().waitFor();
				await picture(page, name);
			}
			const dialogs: Record<string, readonly [path: string, button: string, shown: string]> = {
				'token-form': ['/settings/mcp', 'Create token', 'New token'],
				'webhook-form': [`/settings/webhooks/${webhook}`, 'Edit', 'Edit the endpoint'],
				replay: [`/settings/webhooks/${webhook}`, 'Replay', 'Replay deliveries'],
				'edit-group': [`/groups/${group}`, 'Edit', 'Name and description'],
				invite: [`/groups/${group}`, 'Invite link', 'Make a new link'],
				confirm: [`/settings/webhooks/${webhook}`, 'Delete', 'Delete this endpoint?'],
			};
			for (const [name, [path, button, shown]] of Object.entries(dialogs)) {
				await page.goto(`${dashboard.system.url}/app${path}`);
				await page.getByRole('button', { name: button, exact: true }).click();
				await page.getByText(shown, { exact: true }).first().waitFor();
				await picture(page, name);
			}
		});

		if (isFull)
			it('shows what is there only for a while, accessible and without scrolling sideways', async () => {
				await pictureSteps(dashboard, await dashboard.visit('/sign-in', options), picture);
			});

		async function picture(page: Page, name: string) {
			await page.evaluate(`${atRest}.then(() => undefined)`);
			await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: name === 'account' });
			const overhang = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
			expect(await page.evaluate<number>(overhang), `${name} scrolls sideways`).toBe(0);
			if (hasAxe) await expectAccessible(page);
		}
	},
);

function pastOf(history: History) {
	const jid = `${choir}@g.us`;
	const people = ['Zoë', 'Olu', 'Mei', 'Jörg', 'Amal', 'Noor', 'Ines'].map(somebody);
	const [first = somebody(null)] = people;
	const now = Date.now();
	const ago = (days: number, hours = 0) => new Date(now - days * dayMs - hours * 3_600_000);
	const events = [history.star(jid, ago(60), 'Harbour choir', people.slice(0, 3))];
	const past: (typeof events | ReturnType<History['message']>[] | ReturnType<History['change']>[])[] = [
		events,
	];
	for (let day = 58; day >= 0; day--) {
		const count = day > 20 && day < 28 ? 0 : Math.round(6 + 5 * Math.sin(day / 3) + (day % 5));
		for (let index = 0; index < count; index++)
			past.push([
				history.message(jid, ago(day, index / 2), people[index % 5] ?? first, { text: 'La la la' }),
			]);
		if (day % 9 === 0)
			past.push([
				history.change('member.joined', jid, ago(day, 1), people[(day / 9) % 7] ?? first, 'invite_link'),
			]);
		if (day % 13 === 5) past.push([history.change('member.left', jid, ago(day, 1), first, 'left')]);
	}
	return past.flat();
}
