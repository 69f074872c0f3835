import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	buildDashboard,
	dashboardDir,
	type System,
	seedSimulatedNetwork,
	startSystem,
} from '@chat-manager/dev-env';
import { complaintsOf, startBrowser } from '@chat-manager/emulator/browser';
import { createLogger } from '@chat-manager/service';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const timeoutMs = 20_000;

/** What the page's policy forbids is not always in the console: a library may catch the exception. */
const reportViolations = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
	console.error('forbidden by ' + effectiveDirective + ': ' + blockedURI));`;

export type Visit = { readonly page: Page; readonly context: BrowserContext; readonly complaints: string[] };

export type Dashboard = {
	readonly system: System;
	readonly browser: Browser;
	/** A new browser profile with the dashboard open at a path; about what happens in it nothing may complain. */
	visit(path?: string, options?: BrowserContextOptions): Promise<Visit>;
};

/** The whole system with the built dashboard and a simulated network in which there is a group, and a real browser. */
export function withDashboard(): Dashboard {
	const parts = new AsyncDisposableStack();
	let system: System;
	let browser: Browser;
	let visits: Visit[] = [];
	beforeAll(async () => {
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-dashboard-'));
		parts.defer(() => rm(dataDir, { recursive: true, force: true }));
		await buildDashboard();
		const log = createLogger({ name: 'test', level: 'warn' });
		// Endpoints of the tests are on this machine.
		const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
		system = parts.use(await startSystem({ dataDir, log, durable: false, dashboardDir, settings }));
		await seedSimulatedNetwork(system);
		browser = await startBrowser();
		parts.defer(() => browser.close());
	});
	afterEach(async () => {
		const ended = visits;
		visits = [];
		for (const { context } of ended) await context.close();
		expect(ended.flatMap(({ complaints }) => complaints)).toEqual([]);
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
			const visit = { page, context, complaints: complaintsOf(page) };
			visits.push(visit);
			await page.goto(`${system.url}/app${path}`);
			return visit;
		},
	};
}
