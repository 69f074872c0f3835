import { describe, expect, it } from 'vitest';
import { link } from './support/link.ts';
import { ANA, BERTA, MAHMUD, usePhonePage } from './support/phone-page.ts';
import { receiptsOf } from './support/receipts.ts';

const NASTY = '<img src=x onerror="document.title=1"> <script>document.title=2</script> & "quoted" 🧑‍🌾';

describe('the phone page', () => {
	const on = usePhonePage();

	it('shows words of members as words, whatever is in them, and in their own direction', async () => {
		await on.openChat();
		await on.world.emulator.phones.send(BERTA, on.group, NASTY);
		await on.world.emulator.phones.send(MAHMUD, on.group, 'المفتاح عندي');
		await on.shown(NASTY).waitFor();
		expect(await on.page.locator('article img, article script').count()).toBe(0);
		expect(await on.page.title()).toContain('Phone');
		await on.page.getByRole('article').getByText('Berta <b>&amp;').first().waitFor();
		await on.shown('المفتاح عندي').and(on.page.locator(':dir(rtl)')).waitFor();
		await on.shown(NASTY).and(on.page.locator(':dir(ltr)')).waitFor();
	});

	it('writes as the person, and as any other member', async () => {
		await on.openChat();
		await on.write('from Ana');
		await on.shown('from Ana').waitFor();
		await on.page.getByLabel('Write as').selectOption(MAHMUD);
		await on.write('from Mahmud');
		await on.shown('from Mahmud').waitFor();
		const authors = on.world.emulator.phones.read(BERTA, on.group).map(({ author, text }) => [author, text]);
		expect(authors).toEqual(
			expect.arrayContaining([
				[ANA, 'from Ana'],
				[MAHMUD, 'from Mahmud'],
			]),
		);
	});

	it('replies, reacts, edits and deletes, and shows it', async () => {
		await on.openChat();
		await on.write('a message with a tpyo');
		await on.shown('a message with a tpyo').waitFor();
		await on.act('a message with a tpyo');
		await on.page.getByRole('button', { name: 'React with 👍' }).click();
		await on.page.getByRole('list', { name: 'Reactions' }).getByText('👍').waitFor();
		await on.act('a message with a tpyo');
		await on.page.getByRole('button', { name: 'Edit' }).click();
		await on.write('a message without');
		await on.shown('a message without').waitFor();
		await on.act('a message without');
		await on.page.getByRole('button', { name: 'Reply', exact: true }).click();
		await on.write('the answer');
		await on.bubble('the answer').locator('blockquote').waitFor();
		await on.act('the answer');
		await on.page.getByRole('button', { name: 'Delete for everyone' }).click();
		await on.shown('This message was deleted.').waitFor();
	});

	it('asks polls and votes', async () => {
		await on.openChat();
		await on.page.getByRole('button', { name: 'Ask a poll' }).click();
		await on.page.getByLabel('Question').fill('Summer party?');
		await on.page.getByLabel(/Options, one a line/).fill('Saturday\nSunday');
		await on.page.getByRole('button', { name: 'Ask', exact: true }).click();
		const sunday = on.page.getByRole('button', { name: 'Sunday' });
		await sunday.click();
		await on.page.getByRole('button', { name: /Sunday\s*1/, pressed: true }).waitFor();
		await on.page.getByLabel('Write as').selectOption(BERTA);
		await sunday.click();
		await on.page.getByRole('button', { name: /Sunday\s*2/ }).waitFor();
		await on.page.getByRole('button', { name: 'Saturday' }).click();
		await on.page.getByRole('button', { name: /Sunday\s*1/ }).waitFor();
	});

	it('makes people and groups, adds, removes, leaves and joins', async () => {
		await on.page.goto(on.world.emulator.phoneUrl);
		await on.page.getByRole('button', { name: /Whose phone/ }).click();
		await on.page.getByLabel('Name').fill('Dolores');
		await on.page.getByRole('button', { name: 'Add and take their phone' }).click();
		await on.page.getByRole('button', { name: /Whose phone.*Dolores/ }).waitFor();
		await on.page.getByRole('button', { name: 'New group' }).click();
		await on.page.getByLabel('Name').fill('Garden');
		await on.page.getByRole('checkbox', { name: /Ana/ }).check();
		await on.page.getByRole('button', { name: 'Make the group' }).click();
		await on.page.getByRole('region', { name: 'Chat' }).getByRole('button', { name: 'Garden' }).click();
		await on.page.getByRole('button', { name: 'Add people' }).click();
		await on.page.getByRole('checkbox', { name: /محمود/ }).check();
		await on.page.getByRole('button', { name: 'Add to the group' }).click();
		await on.page.getByRole('heading', { name: '3 members' }).waitFor();
		await on.page.getByRole('button', { name: 'Remove محمود' }).click();
		await on.page.getByRole('heading', { name: '2 members' }).waitFor();
		await on.page.getByRole('button', { name: 'Leave the group' }).click();
		await on.page.getByRole('button', { name: 'Join a group' }).click();
		await on.page.getByRole('button', { name: 'Join Garden' }).click();
		await on.page
			.getByRole('region', { name: 'Chat' })
			.getByRole('button', { name: /Garden/ })
			.waitFor();
		await on.page.getByRole('textbox', { name: 'Message' }).waitFor();
	});

	it('reads what a linked client writes while the chat is open, and shows how far own words have come', async () => {
		const { client, linked } = await link(on.world.emulator, on.world.clients, '15550000209');
		on.world.emulator.groups.changeParticipants(on.group, ANA, 'add', [linked.phone]);
		await on.openChat();
		const { key } = await client.send(on.group, 'from a real client');
		await on.shown('from a real client').waitFor();
		await client.until(
			(one) => receiptsOf(one, key.id).some(({ readTimestamp }) => readTimestamp),
			'the read receipt',
		);
		await on.write('and back');
		await client.until(({ texts }) => texts('and back')[0], 'the answer');
		await on.bubble('and back').getByText('✓✓ Delivered').waitFor();
	});

	it('comes back by itself after the network was away', async () => {
		await on.openChat();
		const says = 'The simulated network does not answer. Trying again…';
		// Noted in the page: it may have come back before anybody can look.
		await on.page.evaluate(`void (window.said = new Promise((said) =>
			new MutationObserver(() => document.body.innerText.includes('${says}') && said())
				.observe(document.body, { childList: true, subtree: true })))`);
		on.world.emulator.faults.add({ kind: 'restart', downMs: 200 });
		await on.page.evaluate('window.said');
		await on.page.getByText(says).waitFor({ state: 'detached' });
		await on.write('after the restart');
		await on.shown('after the restart').waitFor();
		on.complaints.splice(0); // The browser notes the connections that failed.
	});

	it('is worked with the keyboard alone', async () => {
		await on.page.goto(`${on.world.emulator.phoneUrl}&phone=${ANA}`);
		/** Goes from one to the next until it is this one's turn. */
		const tabTo = async (name: string, role: 'button' | 'textbox') => {
			const wanted = on.page.getByRole(role, { name });
			await wanted.waitFor();
			for (let presses = 0; presses < 80; presses++) {
				if ((await wanted.and(on.page.locator(':focus')).count()) > 0) return;
				await on.page.keyboard.press('Tab');
			}
			throw new Error(`Tab does not reach ${name}.`);
		};
		await tabTo('Neighbours', 'button');
		await on.page.keyboard.press('Enter');
		await tabTo('Message', 'textbox');
		await on.page.keyboard.type('typed');
		await on.page.keyboard.press('Shift+Enter');
		await on.page.keyboard.type('in two lines');
		await on.page.keyboard.press('Enter');
		await on.shown('typed in two lines').waitFor();
		expect(on.world.emulator.phones.read(BERTA, on.group).at(-1)?.text).toBe('typed\nin two lines');
	});
});
