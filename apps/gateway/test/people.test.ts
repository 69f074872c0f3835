import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentityDatabase } from '../src/database/identity-database.ts';
import { createAuth } from '../src/people/auth.ts';
import { createPublicUrl } from '../src/public-url.ts';
import { type Answer, post, readAnswer, signIn, signUp } from './support/person.ts';
import { rawRequest } from './support/raw-request.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;

beforeAll(async () => {
	world = await startWorld();
	// Two that start on an empty schema together: both must come up.
	const [one, two] = await Promise.all([world.startGateway(), world.startGateway()]);
	await Promise.all([untilReady(one), untilReady(two)]);
	gateway = one;
});
afterAll(async () => await world[Symbol.asyncDispose]());

const at = (path: string) => `${gateway.url}/api/auth${path}`;

describe('a session', () => {
	it('begins with signing in and ends with signing out', async () => {
		const person = await signUp(world, gateway);
		expect(person.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
		const { cookie } = person;
		expect((await post(`${gateway.url}/api/tokens/list`, {}, { cookie })).status).toBe(200);
		expect((await post(at('/sign-out'), {}, { cookie })).status).toBe(200);
		expect((await post(`${gateway.url}/api/tokens/list`, {}, { cookie })).status).toBe(401);
		const gone = await readAnswer(await fetch(at('/get-session'), { headers: { cookie } }));
		expect(gone).toMatchObject({ status: 200, text: 'null' });
	});

	it('is in a cookie that scripts cannot read, and nowhere else', async () => {
		const { email, password } = await signUp(world, gateway);
		const answer = await post(at('/sign-in/email'), { email, password });
		const [cookie = ''] = answer.headers.getSetCookie();
		expect(cookie).toMatch(/^cm_session=/);
		expect(cookie).toMatch(/; HttpOnly/);
		expect(cookie).toMatch(/; SameSite=Lax/);
		expect(cookie).toMatch(/; Path=\//);
		expect(cookie).not.toMatch(/; (Secure|Domain)/);
		const value = cookie.slice('cm_session='.length).split('.', 1).join();
		world.secrets.add(value);
		expect(answer.text).not.toContain(value);
		const session = await fetch(at('/get-session'), { headers: { cookie: cookie.split(';', 1).join() } });
		expect(await session.text()).not.toContain(value);
	});

	it('is tied to the host behind https', async () => {
		await using secure = await world.startGateway({ CM_PUBLIC_URL: 'https://chat.example' });
		await untilReady(secure);
		const { email, password } = await signUp(world, gateway);
		const answer = await post(`${secure.url}/api/auth/sign-in/email`, { email, password });
		const [cookie = ''] = answer.headers.getSetCookie();
		expect(cookie).toMatch(/^__Host-cm_session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
		world.secrets.add(cookie.split('=')[1]?.split('.')[0] ?? cookie);
		expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
		const list = await post(`${secure.url}/api/tokens/list`, {}, { cookie: cookie.split(';', 1).join() });
		expect(list.status, list.text).toBe(200);
	});

	it('ends elsewhere when the password changes', async () => {
		const person = await signUp(world, gateway);
		const other = await signIn(world, gateway, person);
		const newPassword = 'another-long-password';
		world.secrets.add(newPassword);
		const body = { currentPassword: person.password, newPassword, revokeOtherSessions: true };
		expect((await post(at('/change-password'), body, { cookie: person.cookie })).status).toBe(200);
		expect((await post(`${gateway.url}/api/tokens/list`, {}, { cookie: other })).status).toBe(401);
		expect(
			(await post(at('/sign-in/email'), { email: person.email, password: person.password })).status,
		).toBe(401);
	});
});

describe('whether an e-mail address has an account', () => {
	it('is not told by signing up', async () => {
		const { email } = await signUp(world, gateway);
		const password = 'long-enough-password';
		const [taken, free] = [
			await post(at('/sign-up/email'), { email, password, name: 'Ana' }),
			await post(at('/sign-up/email'), { email: `new-${email}`, password, name: 'Ana' }),
		];
		expect(shapeOf(taken)).toEqual(shapeOf(free));
		expect((await post(at('/sign-in/email'), { email, password })).status).toBe(401);
	});

	it('is not told by signing in', async () => {
		const { email } = await signUp(world, gateway);
		const [wrong, unknown] = [
			await post(at('/sign-in/email'), { email, password: 'not the password' }),
			await post(at('/sign-in/email'), { email: `x${email}`, password: 'not the password' }),
		];
		expect(wrong.status).toBe(401);
		expect(wrong.text).toBe(unknown.text);
	});

	function shapeOf({ status, body }: Answer): unknown {
		return { status, keys: Object.keys(body), user: Object.keys(body.user as object).sort() };
	}
});

describe('what is refused', () => {
	it.each([
		['a short password', { email: 'a@example.com', password: 'short' }, 'password: '],
		['a very long password', { email: 'a@example.com', password: 'x'.repeat(257) }, 'password: '],
		['no e-mail address', { password: 'long-enough-password' }, 'email: '],
		['a wrong e-mail address', { email: 'nobody', password: 'long-enough-password' }, 'email: '],
		[
			'a character that cannot be stored',
			{ email: 'a@example.com', password: 'long-enough-\u0000', name: 'a' },
			'password: ',
		],
		['an unknown field', { email: 'a@example.com', password: 'long-enough-password', role: 'admin' }, 'role'],
		['a list', [], ''],
	])('%s', async (_name, body, message) => {
		const answer = await post(at('/sign-up/email'), body);
		expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
		expect(answer.text).toContain(message);
	});

	it.each([
		'/sign-in/social',
		'/list-sessions',
		'/verify-password',
		'/two-factor/get-totp-uri',
		'/two-factor/send-otp',
		'/passkey/update-passkey',
		'/error',
		'/ok',
		'',
	])('%s, which we do not offer', async (path) => {
		expect((await post(at(path), {})).status).toBe(404);
		expect((await readAnswer(await fetch(at(path)))).status).toBe(404);
	});

	it('another method', async () => {
		const answer = await readAnswer(await fetch(at('/sign-in/email')));
		expect(answer).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
	});

	it.each([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
		'signing in from another site: %j',
		async (headers: Record<string, string>) => {
			const { email, password } = await signUp(world, gateway);
			const answer = await rawRequest(at('/sign-in/email'), {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: JSON.stringify({ email, password }),
			});
			expect(answer.status).toBe(403);
			expect(answer.headers['set-cookie']).toBeUndefined();
		},
	);

	it.each(['closed', 'invite'])('making an account where that is %s', async (mode) => {
		await using shut = await world.startGateway({ CM_SIGNUP: mode });
		await untilReady(shut);
		const body = { email: 'a@example.com', password: 'long-enough-password' };
		const answer = await post(`${shut.url}/api/auth/sign-up/email`, body);
		expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
		const person = await signUp(world, gateway);
		await signIn(world, shut, person);
	});
});

describe('attempts', () => {
	it('are limited by address', async () => {
		await using tight = await world.startGateway({ CM_SIGN_UPS_PER_HOUR: '2' });
		await untilReady(tight);
		const answers = [];
		for (let attempt = 0; attempt < 4; attempt++) {
			const body = { email: `attempt-${attempt}@example.com`, password: 'long-enough-password' };
			// A header that anybody can send does not make it another address.
			const headers = { 'x-forwarded-for': `10.0.0.${attempt}`, 'x-cm-client-address': `10.0.0.${attempt}` };
			answers.push(await post(`${tight.url}/api/auth/sign-up/email`, body, headers));
		}
		const last = answers.at(-1);
		expect(last).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
		expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
	});

	it('are limited by account, whatever address they come from', async () => {
		await using tight = await world.startGateway({
			CM_SIGN_INS_PER_MINUTE: '2',
			CM_TRUSTED_PROXIES: '127.0.0.1,::1',
		});
		await untilReady(tight);
		const { email } = await signUp(world, gateway);
		const statuses = [];
		for (let attempt = 0; attempt < 4; attempt++) {
			const headers = { 'x-forwarded-for': `10.0.0.${attempt}` };
			const body = { email: attempt % 2 === 0 ? email : email.toUpperCase(), password: 'wrong' };
			statuses.push((await post(`${tight.url}/api/auth/sign-in/email`, body, headers)).status);
		}
		expect(statuses).toEqual([401, 401, 429, 429]);
	});
});

it('the tables are those that better-auth expects', async () => {
	const { DATABASE_URL, DATABASE_SCHEMA } = world.settings();
	const { logger } = world;
	await using database = openIdentityDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, logger });
	const auth = createAuth({
		db: database.db,
		publicUrl: createPublicUrl('http://localhost:3000'),
		secret: 'only-needed-to-build-the-options-of-it',
		signUpsPerHour: 1,
		signInsPerMinute: 1,
		sendsMail: true,
		logger,
		hooks: {
			sendReset: async () => undefined,
			sendConfirmation: async () => undefined,
			passwordReplaced: async () => undefined,
			beginDeletion: async () => undefined,
		},
	});
	const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
	expect(toBeCreated).toEqual([]);
	expect(toBeAdded).toEqual([]);
});
