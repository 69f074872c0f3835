import { routes } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, readAnswer, signUp } from './support/person.ts';
import { rawRequest } from './support/raw-request.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

const jid = '120363025246125486@g.us';
let world: World;
let gateway: Gateway;
let person: Person;
let token: string;
let url: string;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway();
	url = `${gateway.url}/api/groups/get-starred`;
	await untilReady(gateway);
	await startPeer(world, 'storage');
	person = await signUp(world, gateway);
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

describe('callers', () => {
	it('are a person by their cookie, or a token', async () => {
		expect(await post(url, { jid }, { cookie: person.cookie })).toMatchObject({ status: 200, body: { jid } });
		expect(await post(url, { jid }, bearer(token))).toMatchObject({ status: 200, body: { jid } });
	});

	it('are never both', async () => {
		const answer = await post(url, { jid }, { cookie: person.cookie, ...bearer(token) });
		expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
	});

	it.each([
		['nobody', {}],
		['a cookie that we never signed', { cookie: 'cm_session=abc.def' }],
		['a cookie of something else', { cookie: 'theme=dark' }],
		['a token that does not exist', bearer(`cm_pat_${'y'.repeat(43)}`)],
	])('%s is told to sign in', async (_name, headers: Record<string, string>) => {
		const answer = await post(url, { jid }, headers);
		expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
	});

	it('with a changed cookie are nobody', async () => {
		const [name, value = ''] = person.cookie.split('=');
		const cookie = `${name}=${value.startsWith('x') ? 'y' : 'x'}${value.slice(1)}`;
		expect((await post(url, { jid }, { cookie })).status).toBe(401);
	});

	it('with a token have no more than its scopes, and nothing of the account', async () => {
		const narrow = await createToken(world, gateway, person, { scopes: ['webhooks:manage'], groups: [jid] });
		expect(await post(url, { jid }, bearer(narrow.token))).toMatchObject({
			status: 403,
			body: { error: { code: 'forbidden' } },
		});
		for (const { path, entry } of routes.filter((route) => route.entry.operation.scope === 'account:write')) {
			const answer = await post(`${gateway.url}${path}`, entry.operation.example.input, bearer(token));
			expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
		}
	});
});

describe('pages of other sites', () => {
	it.each([
		{ origin: 'https://evil.example' },
		{ origin: 'null' },
		{ origin: 'http://localhost:1' },
		{ 'sec-fetch-site': 'cross-site' },
		{ 'sec-fetch-site': 'same-site' },
		{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
	])('cannot use a session: %j', async (headers: Record<string, string>) => {
		// fetch would not let us claim these.
		const answer = await rawRequest(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', cookie: person.cookie, ...headers },
			body: JSON.stringify({ jid }),
		});
		expect(answer.status).toBe(403);
		expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'forbidden' } });
	});

	it('our own page can', async () => {
		const own = { cookie: person.cookie, origin: gateway.url };
		expect((await post(url, { jid }, own)).status).toBe(200);
		const loopback = { cookie: person.cookie, origin: gateway.url.replace('localhost', '127.0.0.1') };
		expect((await post(url, { jid }, loopback)).status).toBe(200);
	});
});

describe('requests that cannot be served', () => {
	const session = () => ({ cookie: person.cookie });

	it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is answered with 405', async (method) => {
		const answer = await readAnswer(await fetch(url, { method, headers: session() }));
		expect(answer).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
		expect(answer.headers.get('allow')).toBe('POST');
	});

	it.each([
		'/api',
		'/api/',
		'/api/no/such',
		'/api/groups/get-starred/',
		'/api/%E0%A4%A',
		'/api/__proto__',
		'/nothing',
	])('%s is not found', async (path) => {
		const answer = await post(`${gateway.url}${path}`, {}, session());
		expect(answer).toMatchObject({ status: 404, body: { error: { code: 'route_not_found' } } });
	});

	it.each([
		['broken JSON', '{"jid":', 400, 'invalid_input'],
		['a depth bomb', '{"jid":'.repeat(100_000), 400, 'invalid_input'],
		['too much', JSON.stringify({ jid: 'x'.repeat(1_048_577) }), 413, 'payload_too_large'],
	])('%s is refused', async (_name, body, status, code) => {
		const answer = await post(url, body, session());
		expect(answer).toMatchObject({ status, body: { error: { code } } });
	});

	it.each([
		{ 'content-type': 'text/plain' },
		{ 'content-type': 'application/x-www-form-urlencoded' },
		{ 'content-type': 'application/json; charset=klingon' },
		{ 'content-encoding': 'klingon' },
	])('a body as %j is refused', async (headers: Record<string, string>) => {
		const answer = await post(url, { jid }, { ...session(), ...headers });
		expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } });
	});

	it('a body that is smaller on the wire than it is counts as what it is', async () => {
		const big = new Blob([JSON.stringify({ jid: 'x'.repeat(2_000_000) })]).stream();
		const answer = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...session() },
			body: big.pipeThrough(new CompressionStream('gzip')),
			duplex: 'half',
		});
		expect(answer.status).toBe(413);
	});

	it('idle connections outlive those of proxies, which would send on one that is just closed', async () => {
		const proxies = 60; // Seconds, of nginx and of load balancers.
		const said = (await fetch(`${gateway.url}/healthz`)).headers.get('keep-alive');
		expect(Number(/^timeout=(\d+)$/.exec(said ?? '')?.[1])).toBeGreaterThan(proxies);
	});

	it('no body is an empty input', async () => {
		const answer = await fetch(`${gateway.url}/api/groups/list-starred`, {
			method: 'POST',
			headers: session(),
		});
		expect(answer.status).toBe(200);
	});
});

describe('every answer', () => {
	it.each([
		'/',
		'/app/settings/mcp',
		'/api/nothing',
		'/mcp',
		'/healthz',
		'/readyz',
		'/register',
		'/style.css',
	])('%s carries the security headers', async (path) => {
		const { headers } = await fetch(`${gateway.url}${path}`);
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toContain('unsafe');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('x-frame-options')).toBe('DENY');
		expect(headers.has('x-powered-by')).toBe(false);
	});

	it('for people without a dashboard is a page that says where to go on', async () => {
		for (const path of ['/', '/app', '/app/settings/mcp']) {
			const response = await fetch(`${gateway.url}${path}`);
			expect(response.headers.get('content-type')).toMatch(/^text\/html/);
			const page = await response.text();
			expect(page).toContain('README');
			expect(page).not.toMatch(/<script|style="/);
		}
		expect((await fetch(`${gateway.url}/app/missing.js`)).status).toBe(404);
	});
});
