import { askSimulator } from '@chat-manager/dev-env';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { arrive, ask, getPhone, settle } from './support/arrive.ts';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';

const dashboard = withDashboard();
const Sent = z.object({ id: z.string() });

it('shows a starred group as it lives, and changes it', async () => {
	const visit = await dashboard.visit('/sign-in', { timezoneId: noonZone(new Date().getUTCHours()) });
	const { page } = visit;
	await arrive(dashboard, visit);
	const { jid, you, carlos } = await settle(dashboard, visit);
	const { system } = dashboard;
	await page.goto(`${system.url}/app/groups/${jid.replace('@g.us', '')}`);
	await page.getByRole('heading', { name: 'No messages yet' }).waitFor();
	await expectAccessible(page);

	const markup = '<b>Bring</b> a ladder <img src=x onerror=alert(1)>';
	const say = async (content: object, from = carlos) =>
		Sent.parse(await askSimulator(system, '/admin/messages', { from, to: jid, content })).id;
	const ladder = await say({ kind: 'text', text: markup });
	await askSimulator(system, '/admin/messages', { from: carlos, to: jid, text: 'مرحبا' });
	await askSimulator(system, '/admin/messages', {
		from: carlos,
		to: jid,
		content: { kind: 'document', fileName: 'plan.pdf', mimetype: 'application/pdf', data: 'JVBERi0=' },
	});
	await page.getByText(markup).waitFor();
	await page.getByText(/^Document · plan\.pdf/).waitFor();
	// What happens to what was said is seen as it happens: answers, edits, reactions, deletions, who it reached.
	await say({ kind: 'text', text: 'I have one', replyTo: ladder }, you);
	await page.getByText('answer', { exact: true }).waitFor();
	await say({ kind: 'reaction', target: ladder, emoji: '🪜' });
	await page.getByText('🪜').waitFor();
	const typo = await say({ kind: 'text', text: 'Thursday' });
	await say({ kind: 'edit', target: typo, text: 'Tuesday' });
	await page.getByRole('article').filter({ hasText: 'Tuesday' }).getByText('edited').waitFor();
	await say({ kind: 'delete', target: typo });
	await page.getByText('Deleted for everyone').waitFor();
	expect(await page.getByText('Tuesday').count()).toBe(0);
	await ask(dashboard, visit, 'messages/send', { jid, text: 'Come at nine' });
	const mine = page.getByRole('article').filter({ hasText: 'Come at nine' });
	await mine.getByText('Reached 1, opened by 0').waitFor();
	await askSimulator(system, `/admin/accounts/${carlos}/read`, { chat: jid });
	await mine.getByText('Reached 1, opened by 1').waitFor();
	await expectAccessible(page);
	await page.getByRole('textbox', { name: 'Search messages' }).fill('LADDER');
	await page.getByText('مرحبا').waitFor({ state: 'detached' });
	await expect.poll(() => page.getByRole('article').count()).toBe(1);
	await page.getByRole('textbox', { name: 'Search messages' }).fill('nowhere');
	await page.getByRole('heading', { name: 'No message has all of these words' }).waitFor();

	await page.getByRole('tab', { name: 'Members' }).click();
	const members = page.getByRole('list', { name: 'Members' });
	await members.getByText('Carlos').waitFor();
	await members.getByText('Owner').waitFor();
	await expectAccessible(page);

	const mahmud = await getPhone(dashboard, 'Mahmud');
	await askSimulator(system, `/admin/groups/${jid}/participants`, {
		by: you,
		action: 'add',
		phones: [mahmud],
	});
	await page.getByRole('tab', { name: 'Joined and left 1' }).click();
	await page.getByText(/^Added · /).waitFor();
	await expectAccessible(page);
	await page.getByRole('tab', { name: 'Over time' }).click();
	await page.locator('.recharts-bar-rectangle').first().waitFor();
	await page.getByText('1 joined, 0 left').waitFor();
	await expectAccessible(page);
	await page.getByText('Show as a table').click();
	await page.getByRole('row', { name: /Some messages may be missing 6 1 0$/ }).waitFor();
	await expectAccessible(page);
	// The chart tells its days to the arrow keys; the last is today.
	const chart = page.getByRole('application').first();
	await chart.focus();
	for (let index = 0; index < 30; index++) await page.keyboard.press('ArrowRight');
	await page.getByRole('status').getByText('Messages: 6').waitFor();
	await say({ kind: 'text', text: 'One more' });
	await page.getByRole('row', { name: /Some messages may be missing 7 1 0$/ }).waitFor();
	await page.getByRole('tab', { name: 'Joined and left 1' }).click();
	await page.getByRole('button', { name: 'Mark as visited' }).click();
	await page.getByText(/^Added · /).waitFor({ state: 'detached' });

	await page.getByRole('button', { name: 'Edit' }).click();
	await page.getByLabel('Name', { exact: true }).fill(' ');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText('A name has 1 to 100 characters.').waitFor();
	await expectAccessible(page);
	const name = `Neighbours ${'of a long street '.repeat(4)}🏡`;
	await page.getByLabel('Name', { exact: true }).fill(name);
	await page.getByRole('textbox', { name: 'Description' }).fill('Open from nine to five.');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('dialog', { name: 'Name and description' }).waitFor({ state: 'detached' });
	await page.getByRole('heading', { name }).waitFor();
	await page.getByText('Open from nine to five.').waitFor();

	await page.getByRole('button', { name: 'Invite link' }).click();
	await page.getByRole('img', { name: 'QR code of the invite link' }).waitFor();
	await expectAccessible(page);
	const link = page.getByText(/^https:\/\/chat\.whatsapp\.com\//);
	const first = await link.textContent();
	await page.getByRole('button', { name: 'Make a new link' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Make a new link' }).click();
	await expect.poll(() => link.textContent()).not.toBe(first);
	// One dialog after the other: Escape closes the one that is in front.
	await page.getByRole('alertdialog').waitFor({ state: 'detached' });
	await page.keyboard.press('Escape');
	await page.getByRole('dialog', { name: 'Invite link' }).waitFor({ state: 'detached' });

	await page.getByRole('button', { name: `Remove the star from ${name}` }).click();
	await page.getByRole('alertdialog').waitFor();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Remove the star', exact: true }).click();
	await page.getByRole('heading', { name: 'This group is not starred' }).waitFor();
	await expectAccessible(page);
	visit.forgive(/status of 404/);
});

it('says what to do about a group that is not starred, and about an address that is none', async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	await arrive(dashboard, visit);
	await page.goto(`${dashboard.system.url}/app/groups/120363000000000009`);
	await page.getByRole('heading', { name: 'This group is not starred' }).waitFor();
	await page.goto(`${dashboard.system.url}/app/nowhere`);
	await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
	await expectAccessible(page);
	visit.forgive(/status of 404/);
});

/** Where it is about noon: no day ends while the days of a group are looked at. */
function noonZone(utcHour: number): string {
	// The zones of this name count from the other side.
	return `Etc/GMT${utcHour < 12 ? '-' : '+'}${Math.abs(12 - utcHour)}`;
}
