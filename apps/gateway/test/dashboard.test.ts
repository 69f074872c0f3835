import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGrantKeys } from '@chat-manager/bus';
import { createLogger } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, createApp } from '../src/app.ts';
import { config } from '../src/config.ts';

/** Needs neither Postgres nor NATS: pages are served without them. */
let folder: string;
let app: App;
let url: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cm-dashboard-'));
	await mkdir(join(folder, 'assets'));
	await writeFile(join(folder, 'index.html'), '<!doctype html><title>The app</title>');
	await writeFile(join(folder, 'assets/main-abc123.js'), 'export {};');
	await writeFile(join(folder, '.secret'), 'hidden');
	const values = config.load({
		PORT: '0',
		DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
		NATS_URL: 'nats://127.0.0.1:1',
		CM_GRANT_PRIVATE_KEY: createGrantKeys().privateKey,
		CM_AUTH_SECRET: 'a-secret-that-signs-the-cookies-of-this-test',
		CM_DASHBOARD_DIR: folder,
	});
	const logger = createLogger({ name: 'test', level: 'silent' });
	app = await createApp(values, { logger, signal: new AbortController().signal });
	url = `http://localhost:${app.port}`;
});
afterAll(async () => {
	await app[Symbol.asyncDispose]();
	await rm(folder, { recursive: true });
});

it('is not there until it was built', async () => {
	const built = join(folder, 'index.html');
	await rename(built, join(folder, 'later.html'));
	try {
		const response = await fetch(`${url}/app/settings/mcp`);
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('the dashboard is not part of this installation');
	} finally {
		await rename(join(folder, 'later.html'), built);
	}
});

it.each(['/app', '/app/', '/app/settings/mcp', '/'])('%s is the app', async (path) => {
	const response = await fetch(`${url}${path}`);
	expect(await response.text()).toContain('The app');
	expect(response.headers.get('cache-control')).toBe('no-cache');
	expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
});

it.each(['/app/assets/main-abc123.js', '/assets/main-abc123.js'])('%s is kept by browsers', async (path) => {
	const response = await fetch(`${url}${path}`);
	expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
	expect(response.headers.get('cache-control')).toContain('immutable');
});

it.each([
	'/app/assets/old-def456.js',
	'/app/.secret',
	'/.secret',
	'/app/..%2f..%2fpackage.json',
	'/..%2f..%2fpackage.json',
	'/app/%00.html',
	'/assets',
])('%s is not found', async (path) => {
	const response = await fetch(`${url}${path}`);
	expect([400, 404]).toContain(response.status);
	expect(await response.json()).toMatchObject({ error: { code: expect.any(String) } });
});
