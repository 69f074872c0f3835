import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ANA, usePhonePage } from './support/phone-page.ts';

const AXE = readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

describe('the phone page, for everybody who may open it', () => {
	const on = usePhonePage();

	it('opens with its link, keeps the key out of the address and out of the reach of scripts', async () => {
		await on.openChat();
		expect(on.page.url()).not.toContain('key=');
		expect(await on.page.evaluate('document.cookie')).toBe('');
		const [cookie] = await on.context.cookies(`${on.world.emulator.adminUrl}/`);
		expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/admin' });
		await on.page.goto(new URL('/', on.world.emulator.phoneUrl).href);
		await on.page.getByRole('button', { name: 'Neighbours' }).waitFor();
	});

	it('asks for its link without it, and takes it pasted', async () => {
		await on.page.goto(new URL('/phone', on.world.emulator.phoneUrl).href);
		await on.page.getByLabel('Link or key').fill('wrong');
		await on.page.keyboard.press('Enter');
		await on.page.getByText('That is not the key of this page.').waitFor();
		await on.page.getByLabel('Link or key').fill(on.world.emulator.phoneUrl);
		await on.page.keyboard.press('Enter');
		await on.page.getByRole('button', { name: /Whose phone/ }).waitFor();
		// The browser itself notes each refused request.
		expect(on.complaints.splice(0).every((text) => text.includes('401'))).toBe(true);
	});

	it.each([
		['light', 1280],
		['dark', 360],
	] as const)('has nothing for axe to find (%s, %i pixels wide)', async (colorScheme, width) => {
		await on.page.emulateMedia({ colorScheme });
		await on.page.setViewportSize({ width, height: 760 });
		await on.world.emulator.phones.send(ANA, on.group, 'a message');
		const look = async (where: string) => {
			await on.page.evaluate(await AXE);
			const found = await on.page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
				'axe.run()',
			);
			const list = found.violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`);
			expect(list).toEqual([]);
			const overflow = await on.page.evaluate(
				'document.documentElement.scrollWidth - document.documentElement.clientWidth',
			);
			expect(overflow).toBe(0);
		};
		await on.page.goto(`${on.world.emulator.phoneUrl}&phone=${ANA}`);
		await on.page.getByRole('button', { name: 'Neighbours' }).waitFor();
		await look('chats');
		await on.page.getByRole('button', { name: 'Linked devices' }).click();
		await look('devices');
		await on.page.getByRole('button', { name: 'Link a device' }).click();
		await look('linking');
		await on.page.keyboard.press('Escape');
		await on.page.getByRole('button', { name: /Whose phone/ }).click();
		await look('people');
		await on.page.keyboard.press('Escape');
		await on.page.getByRole('button', { name: 'Chats', exact: true }).click();
		await on.page.getByRole('button', { name: 'Neighbours' }).click();
		await on.page.getByRole('textbox', { name: 'Message' }).waitFor();
		await look('conversation');
		await on.page.getByRole('button', { name: 'React, reply and more' }).first().click();
		await look('message');
		await on.page.keyboard.press('Escape');
		await on.page
			.getByRole('region', { name: 'Chat' })
			.getByRole('button', { name: /^Neighbours/ })
			.click();
		await look('details');
	});
});
