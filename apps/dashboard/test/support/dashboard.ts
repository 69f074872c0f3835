import type { SystemOptions } from '@chat-manager/dev-env';
import { complaintsOf, startBrowser } from '@chat-manager/emulator/browser';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { placesOf, type SystemPlaces, startTestSystem } from './shared-system.ts';

const timeoutMs = 20_000;

/** What the page's policy forbids is not always in the console: a library may catch the exception. */
const reportViolations = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
	console.error('forbidden by ' + effectiveDirective + ': ' + blockedURI));`;

export type Visit = {
	readonly page: Page;
	readonly context: BrowserContext;
	/**
	 * What the server refuses is in the browser's console too. Looked at when the browser is closed: until then another refusal
	 * may be on its way.
	 */
	forgive(complaints: RegExp): void;
};

export type Dashboard = {
	readonly system: SystemPlaces;
	readonly browser: Browser;
	/** A new browser profile with the dashboard open at a path; about what happens in it nothing may complain. */
	visit(path?: string, options?: BrowserContextOptions): Promise<Visit>;
};

/** A real browser before the one system that all files share; before one of its own where it needs other settings. */
export function withDashboard(settings?: NonNullable<SystemOptions['settings']>): Dashboard {
	const parts = new AsyncDisposableStack();
	let system: SystemPlaces;
	let browser: Browser;
	let visits: { context: BrowserContext; complaints: string[]; forgiven: RegExp[] }[] = [];
	beforeAll(async () => {
		system = settings === undefined ? inject('system') : placesOf(parts.use(await startTestSystem(settings)));
		browser = await startBrowser();
		parts.defer(() => browser.close());
	});
	afterEach(async () => {
		const ended = visits;
		visits = [];
		for (const { context } of ended) await context.close();
		const isForgiven = (forgiven: RegExp[], text: string) => forgiven.some((pattern) => pattern.test(text));
		expect(
			ended.flatMap(({ complaints, forgiven }) => complaints.filter((text) => !isForgiven(forgiven, text))),
		).toEqual([]);
	});
	afterAll(() => parts.disposeAsync());
	return {
		get system() {
			return system;
		},
		get browser() {
			return browser;
		},
		async visit(path = '/', options = {}) {
			const context = await browser.newContext({
				viewport: { width: 1280, height: 860 },
				locale: 'en-GB',
				reducedMotion: 'reduce',
				permissions: ['clipboard-read', 'clipboard-write'],
				...options,
			});
			context.setDefaultTimeout(timeoutMs);
			await context.addInitScript(reportViolations);
			const page = await context.newPage();
			const forgiven: RegExp[] = [];
			visits.push({ context, complaints: complaintsOf(page), forgiven });
			await page.goto(`${system.url}/app${path}`);
			return { page, context, forgive: (complaints) => void forgiven.push(complaints) };
		},
	};
}
