import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../src/index.ts';
import { phonePageLink } from '../src/page/phone-link.ts';

const TOKEN = 'a-token';

/** The way from the link to the cookie, and what the cookie is good for, without a browser: as an attacker would try it. */
describe('the access of the phone page', () => {
	let emulator: Emulator;
	let origin: string;
	let cookie: string;
	beforeAll(async () => {
		emulator = await createEmulator({ adminToken: TOKEN });
		origin = new URL(emulator.adminUrl).origin;
		const answer = await ask('POST', '/phone/session', { origin }, JSON.stringify({ key: keyOf(emulator) }));
		expect(answer.status).toBe(204);
		cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
	});
	afterAll(() => emulator.close());

	/** Not fetch: it would not let a test name the host, the origin and the cookie. */
	function ask(
		method: string,
		path: string,
		headers: Record<string, string>,
		body?: string,
	): Promise<Answer> {
		return new Promise((resolve, reject) => {
			const outgoing = request(
				`${origin}${path}`,
				{ method, headers: { 'content-type': 'application/json', connection: 'close', ...headers } },
				(response) => {
					let text = '';
					response.on('data', (part: Buffer) => {
						text += part.toString();
					});
					response.on('end', () =>
						resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
					);
				},
			);
			outgoing.on('error', reject);
			outgoing.end(body);
		});
	}
	const account = JSON.stringify({ phone: '15550001111' });

	it('the link can be made by whoever knows the token, and by nobody else', () => {
		expect(phonePageLink(origin, TOKEN)).toBe(emulator.phoneUrl);
		expect(emulator.phoneUrl).not.toContain(TOKEN);
		expect(phonePageLink(origin, 'another')).not.toBe(emulator.phoneUrl);
	});

	it.each([
		['a wrong key', { key: 'wrong' }, 401],
		['the token instead of the key', { key: TOKEN }, 401],
		['an empty key', { key: '' }, 400],
		['no key', {}, 400],
		['an unknown field', { key: 'x', more: 1 }, 400],
	])('%s opens nothing', async (_what, body, status) => {
		const answer = await ask('POST', '/phone/session', { origin }, JSON.stringify(body));
		expect(answer.status).toBe(status);
		expect(answer.headers['set-cookie']).toBeUndefined();
		expect(JSON.parse(answer.text).error).toMatch(/[a-z]/);
	});

	it('the cookie lets the page in, to read and to change', async () => {
		expect((await ask('GET', '/admin/accounts', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(
			200,
		);
		expect((await ask('POST', '/admin/accounts', { cookie, origin }, account)).status).toBe(200);
	});

	it.each([
		['from another port of this machine', 'GET', { 'sec-fetch-site': 'same-site' }, 401],
		['from another site', 'GET', { 'sec-fetch-site': 'cross-site' }, 401],
		['under a name that leads here', 'GET', { host: 'evil.example' }, 403],
		['that changes something and names no origin', 'POST', {}, 401],
		['of another origin', 'POST', { origin: 'http://localhost:1' }, 403],
		['of no origin', 'POST', { origin: 'null' }, 403],
		['with a cookie of its own making', 'GET', { cookie: 'phone-123=abc' }, 401],
	])('the cookie is of no use to a request %s', async (_what, method, headers, status) => {
		const given: Record<string, string> = { cookie, ...headers };
		const answer = await ask(method, '/admin/accounts', given, method === 'POST' ? account : undefined);
		expect(answer.status).toBe(status);
	});

	it('the page itself holds no secret, and tells browsers to run nothing but its own files', async () => {
		for (const path of [
			'/',
			'/phone',
			'/phone/main.ts',
			'/phone/base.css',
			'/phone/lib/lit-html/lit-html.js',
		]) {
			const { status, headers, text } = await ask('GET', path, {});
			expect(status, path).toBe(200);
			expect(text, path).not.toContain(keyOf(emulator));
			expect(headers['x-content-type-options'], path).toBe('nosniff');
			expect(headers['content-security-policy'], path).toMatch(/default-src 'none'.*script-src 'self'/);
			expect(headers['content-security-policy'], path).not.toContain('unsafe');
		}
	});

	it.each([
		'/phone/..%2fpackage.json',
		'/phone/%2e%2e/package.json',
		'/phone/tsconfig.json',
		'/phone/nothing.ts',
		'/phone/lib/lit-html/package.json',
		'/phone/lib/lit-html/..%2f..%2fpackage.json',
		'/phone/lib/express/index.js',
	])('nothing else is served: %s', async (path) => {
		expect((await ask('GET', path, {})).status).toBe(404);
	});

	it('without a token there is no key, and the network stays on this machine', async () => {
		await using open = await createEmulator();
		expect(open.phoneUrl).not.toContain('#');
		await expect(createEmulator({ host: '0.0.0.0' })).rejects.toThrow('Set an admin token');
	});
});

function keyOf({ phoneUrl }: Emulator): string {
	return new URLSearchParams(new URL(phoneUrl).hash.slice(1)).get('key') ?? '';
}

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string };
