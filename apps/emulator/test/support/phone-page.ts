import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { complaintsOf, startBrowser } from './browser.ts';
import type { Client } from './clients.ts';
import { createWorld, type World } from './world.ts';

export const ANA = '15550000201';
export const BERTA = '15550000202';
export const MAHMUD = '15550000203';

const TIMEOUT_MS = 15_000;

/** A network with three people in a group, and for each test a new page of a real browser, about which nothing may complain. */
export type PhonePage = {
	readonly world: World;
	readonly context: BrowserContext;
	readonly page: Page;
	readonly group: string;
	/** What the browser had to complain about; a test that means it to takes it out. */
	readonly complaints: string[];
	/** Takes up Ana's phone, or another one, and opens a chat. */
	openChat(title?: string, phone?: string): Promise<void>;
	write(text: string): Promise<void>;
	/** Words in the open chat. */
	shown(text: string): Locator;
	bubble(text: string): Locator;
	/** Opens what can be done with a message. */
	act(text: string): Promise<void>;
	openLinking(phone: string): Promise<void>;
	waitingClient(name: string): Promise<{ client: Client; qr: string }>;
};

export function usePhonePage(): PhonePage {
	let world: World;
	let browser: Browser;
	let group = '';
	let context: BrowserContext;
	let page: Page;
	let complaints: string[] = [];
	beforeAll(async () => {
		world = await createWorld({ adminToken: 'a-token' });
		browser = await startBrowser();
		const { emulator } = world;
		emulator.accounts.create({ phone: ANA, pushName: 'Ana' });
		emulator.accounts.create({ phone: BERTA, pushName: 'Berta <b>&amp;' });
		emulator.accounts.create({ phone: MAHMUD, pushName: 'محمود' });
		group = emulator.groups.create({ by: ANA, subject: 'Neighbours', participants: [BERTA, MAHMUD] }).id;
	});
	afterAll(async () => {
		await browser?.close();
		await world[Symbol.asyncDispose]();
	});
	beforeEach(async () => {
		context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
		page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT_MS);
		complaints = complaintsOf(page);
	});
	afterEach(async () => {
		await context.close();
		expect(complaints).toEqual([]);
	});
	const bubble = (text: string) => page.getByRole('article').filter({ hasText: text });
	return {
		get world() {
			return world;
		},
		get context() {
			return context;
		},
		get page() {
			return page;
		},
		get group() {
			return group;
		},
		get complaints() {
			return complaints;
		},
		bubble,
		async openChat(title = 'Neighbours', phone = ANA) {
			await page.goto(`${world.emulator.phoneUrl}&phone=${phone}`);
			await page.getByRole('button', { name: title }).click();
			await page.getByRole('textbox', { name: 'Message' }).waitFor();
		},
		async write(text) {
			await page.getByRole('textbox', { name: 'Message' }).fill(text);
			await page.keyboard.press('Enter');
		},
		shown: (text) => page.getByRole('log').getByText(text, { exact: true }),
		act: (text) => bubble(text).getByRole('button', { name: 'React, reply and more' }).click(),
		async openLinking(phone) {
			await page.goto(`${world.emulator.phoneUrl}&phone=${phone}`);
			await page.getByRole('button', { name: 'Linked devices' }).click();
			await page.getByRole('button', { name: 'Link a device' }).click();
		},
		async waitingClient(name) {
			const client = await world.clients.open(name, { url: world.emulator.url });
			const { qr = '' } = await client.until(
				({ connections }) => connections().find((update) => update.qr),
				'a QR code',
			);
			return { client, qr };
		},
	};
}
