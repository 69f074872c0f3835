import { URI } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMailWorld } from './support/mail-world.ts';
import type { MailFolder } from './support/mails.ts';
import { type Answer, type Person, post, readAnswer, signUp } from './support/person.ts';

import type { Gateway, World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let mails: MailFolder;

beforeAll(async () => {
	({ world, gateway, mails } = await startMailWorld());
});
afterAll(async () => await world[Symbol.asyncDispose]());

const at = (path: string) => `${gateway.url}/api/auth${path}`;
const cookiesOf = ({ headers }: Answer) =>
	headers
		.getSetCookie()
		.map((header) => header.split(';', 1).join())
		.filter((cookie) => !cookie.endsWith('='))
		.join('; ');
/** One that is right neither now nor soon, before or after. */
const wrongCode = (uri: string) =>
	['000000', '111111', '222222'].find((token) => URI.parse(uri).validate({ token, window: 20 }) === null) ??
	'';
const isSignedIn = async (cookie: string) =>
	(await post(`${gateway.url}/api/tokens/list`, {}, { cookie })).status === 200;

async function switchOn(): Promise<Person & { uri: string; backupCodes: string[] }> {
	const person = await signUp(world, gateway);
	const { password, cookie } = person;
	expect((await post(at('/two-factor/enable'), { password: 'wrong' }, { cookie })).status).toBe(401);
	const enabled = await post(at('/two-factor/enable'), { password }, { cookie });
	expect(enabled.status, enabled.text).toBe(200);
	const { totpURI: uri, backupCodes } = enabled.body as { totpURI: string; backupCodes: string[] };
	expect(uri).toMatch(/^otpauth:\/\/totp\/Chat%20Manager/);
	world.secrets.add(new URL(uri).searchParams.get('secret') ?? uri);
	for (const code of backupCodes) world.secrets.add(code);
	// Nothing is asked for before a code was typed once.
	expect((await begin(person)).body).not.toHaveProperty('twoFactorRedirect');
	const verified = await post(at('/two-factor/verify-totp'), { code: URI.parse(uri).generate() }, { cookie });
	expect(verified.status, verified.text).toBe(200);
	return { ...person, cookie: cookiesOf(verified), uri, backupCodes };
}

const begin = ({ email, password }: Person) => post(at('/sign-in/email'), { email, password });

it('is asked for after the password, and a wrong code does not let in', async () => {
	const person = await switchOn();
	await mails.find(person.email, 'Two-step sign-in is on');
	const begun = await begin(person);
	expect(begun.body).toMatchObject({ twoFactorRedirect: true });
	const cookie = cookiesOf(begun);
	expect(cookie).toMatch(/cm_two_factor=/);
	expect(await isSignedIn(cookie)).toBe(false);
	const wrong = await post(at('/two-factor/verify-totp'), { code: wrongCode(person.uri) }, { cookie });
	expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
	const right = await post(
		at('/two-factor/verify-totp'),
		{ code: URI.parse(person.uri).generate() },
		{ cookie },
	);
	expect(right.status, right.text).toBe(200);
	expect(await isSignedIn(cookiesOf(right))).toBe(true);
	const again = await post(
		at('/two-factor/verify-totp'),
		{ code: URI.parse(person.uri).generate() },
		{ cookie },
	);
	expect(again).toMatchObject({ status: 401 });
});

it('is not asked for again in a browser that is trusted', async () => {
	const person = await switchOn();
	const cookie = cookiesOf(await begin(person));
	const right = await post(
		at('/two-factor/verify-totp'),
		{ code: URI.parse(person.uri).generate(), trustDevice: true },
		{ cookie },
	);
	const trusted = cookiesOf(right);
	expect(trusted).toContain('cm_trusted_device=');
	const { email, password } = person;
	const next = await post(at('/sign-in/email'), { email, password }, { cookie: trusted });
	expect(next.body).not.toHaveProperty('twoFactorRedirect');
	expect(await isSignedIn(cookiesOf(next))).toBe(true);
});

it('is replaced by a backup code once, and five wrong codes end the attempt', async () => {
	const person = await switchOn();
	const [code = ''] = person.backupCodes;
	const use = async () =>
		await post(at('/two-factor/verify-backup-code'), { code }, { cookie: cookiesOf(await begin(person)) });
	const first = await use();
	expect(first.status, first.text).toBe(200);
	expect(await isSignedIn(cookiesOf(first))).toBe(true);
	expect(await use()).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });

	const cookie = cookiesOf(await begin(person));
	const answers = [];
	for (let attempt = 0; attempt < 6; attempt++)
		answers.push(await post(at('/two-factor/verify-totp'), { code: wrongCode(person.uri) }, { cookie }));
	expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 401]);
	const late = await post(
		at('/two-factor/verify-totp'),
		{ code: URI.parse(person.uri).generate() },
		{ cookie },
	);
	expect(late.status).toBe(401);
});

it('is switched off with the password', async () => {
	const person = await switchOn();
	const { password, cookie } = person;
	expect((await post(at('/two-factor/disable'), { password: 'wrong' }, { cookie })).status).toBe(401);
	expect((await post(at('/two-factor/disable'), { password }, { cookie })).status).toBe(200);
	await mails.find(person.email, 'Two-step sign-in is off');
	expect((await begin(person)).body).not.toHaveProperty('twoFactorRedirect');
});

it('a session that was left open has to say who it is before it adds a passkey', async () => {
	const { cookie, password, id } = await signUp(world, gateway);
	const ask = async () =>
		await readAnswer(await fetch(at('/passkey/generate-register-options'), { headers: { cookie } }));
	expect((await ask()).status).toBe(200);
	await world.sql(`update sessions set "createdAt" = now() - interval '6 minutes' where "userId" = '${id}'`);
	expect(await ask()).toMatchObject({ status: 403, body: { error: { code: 'session_not_fresh' } } });
	expect((await post(at('/confirm'), { password: 'wrong' }, { cookie })).status).toBe(401);
	expect((await ask()).status).toBe(403);
	expect((await post(at('/confirm'), { password }, { cookie })).status).toBe(200);
	expect((await ask()).status).toBe(200);
	expect((await post(at('/confirm'), { password })).status).toBe(401);
});

it('sessions are listed, and can be ended', async () => {
	const person = await signUp(world, gateway);
	const { cookie } = person;
	const other = cookiesOf(await begin(person));
	const list = async () => {
		const answer = await post(`${gateway.url}/api/account/sessions`, {}, { cookie });
		return (answer.body as { sessions: { id: string }[] }).sessions;
	};
	const session = await readAnswer(await fetch(at('/get-session'), { headers: { cookie } }));
	const own = (session.body as { session: { id: string } }).session.id;
	expect(await list()).toHaveLength(2);
	const stranger = await signUp(world, gateway);
	const [foreign] = (await list()).filter(({ id }) => id !== own);
	const end = (by: string) =>
		post(`${gateway.url}/api/account/end-session`, { id: foreign?.id }, { cookie: by });
	expect((await end(stranger.cookie)).status).toBe(200);
	expect(await isSignedIn(other)).toBe(true);
	expect((await end(cookie)).status).toBe(200);
	expect(await isSignedIn(other)).toBe(false);
	expect((await list()).map(({ id }) => id)).toEqual([own]);
});
