import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readSettings } from './settings.ts';

const ARGS = [
	'--no-sandbox',
	'--headless',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** A real browser. Debian's Chromium, or the one that `CM_CHROMIUM` names. */
export async function startBrowser(): Promise<Browser> {
	const { chromium: executablePath } = readSettings();
	if (!existsSync(executablePath)) {
		throw new Error(
			'The browser tests need Chromium: install it (on Debian "apt-get install chromium"), or name one in CM_CHROMIUM.',
		);
	}
	return chromium.launch({ executablePath, args: ARGS });
}

/** Everything that went wrong on a page: it must not be worse than nothing at all. */
export function complaintsOf(page: Page): string[] {
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(String(error)));
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
	});
	return complaints;
}
