import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResetLink } from '../src/people/create-reset-link.ts';
import { startMailWorld } from './support/mail-world.ts';
import { type MailFolder, startMailServer, tokenIn } from './support/mails.ts';
import { rpc } from './support/mcp.ts';
import { createToken, type Person, post, readAnswer, signIn, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let mails: MailFolder;

beforeAll(async () => {
	({ world, gateway, mails } = await startMailWorld());
});
afterAll(async () => await world[Symbol.asyncDispose]());

const at = (path: string) => `${gateway.url}/api/auth${path}`;
const isSignedIn = async (cookie: string) =>
	(await post(`${gateway.url}/api/tokens/list`, {}, { cookie })).status === 200;

async function askForLink(email: string): Promise<string> {
	const answer = await post(at('/request-password-reset'), { email });
	expect(answer).toMatchObject({ status: 200, body: { status: true } });
	const token = tokenIn(await mails.find(email, 'Choose a new password'));
	world.secrets.add(token);
	return token;
}

async function replacePassword({ email }: Person): Promise<void> {
	const token = await askForLink(email);
	const newPassword = 'another-long-password';
	expect((await post(at('/reset-password'), { token, newPassword })).status).toBe(200);
}

/** An access token that the gateway knows well by now, and a passkey. */
async function waysIn(person: Person) {
	const { token } = await createToken(world, gateway, person);
	expect((await rpc(gateway, token, 'ping')).status).toBe(200);
	await world.sql(`
		insert into passkeys (id, "publicKey", "userId", "credentialID", counter, "deviceType", "backedUp")
		values ('${person.id}', 'key', '${person.id}', '${person.id}', 0, 'singleDevice', false)`);
	const count = async () =>
		(await world.sql(`select id from passkeys where "userId" = '${person.id}'`)).length;
	return { token, count };
}

describe('a forgotten password', () => {
	it('is replaced by a link that works once, and signs everybody out', async () => {
		const person = await signUp(world, gateway);
		const token = await askForLink(person.email);
		const newPassword = 'another-long-password';
		world.secrets.add(newPassword);
		expect((await post(at('/reset-password'), { token, newPassword })).status).toBe(200);
		expect(await isSignedIn(person.cookie)).toBe(false);
		expect((await post(at('/sign-in/email'), person)).status).toBe(400);
		const { email, password } = person;
		expect((await post(at('/sign-in/email'), { email, password })).status).toBe(401);
		await signIn(world, gateway, { email, password: newPassword });
		await mails.find(email, 'Your password was changed');
		const again = await post(at('/reset-password'), { token, newPassword });
		expect(again).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
		expect(again.text).toContain('Ask for a new one');
	});

	it('ends every other way into an account whose address nobody had confirmed', async () => {
		const made = await signUp(world, gateway);
		const { token, count } = await waysIn(made);
		expect(await count()).toBe(1);
		await replacePassword(made);
		expect((await rpc(gateway, token, 'ping')).status).toBe(401);
		expect(await count()).toBe(0);
		expect(await mails.find(made.email, 'access was ended')).toContain('webhooks');
	});

	it('leaves passkeys and tokens of somebody who had confirmed their address', async () => {
		const person = await signUp(world, gateway);
		const confirmation = tokenIn(await mails.find(person.email, 'Confirm your e-mail address'));
		world.secrets.add(confirmation);
		expect((await post(at('/confirm-email'), { token: confirmation })).status).toBe(200);
		const { token, count } = await waysIn(person);
		await replacePassword(person);
		expect((await rpc(gateway, token, 'ping')).status).toBe(200);
		expect(await count()).toBe(1);
		await mails.find(person.email, 'Your password was changed');
	});

	it('is answered in the same words whether there is an account or not', async () => {
		const { email } = await signUp(world, gateway);
		// The one without an account first: when the mail to the other is there, its time is over.
		const [unknown, known] = [
			await post(at('/request-password-reset'), { email: `x${email}` }),
			await post(at('/request-password-reset'), { email }),
		];
		expect(known).toMatchObject({ status: 200 });
		expect(unknown.text).toBe(known.text);
		await mails.find(email, 'Choose a new password');
		expect(await mails.to(`x${email}`)).toEqual([]);
	});

	it('stands in no table as a link that could be used', async () => {
		const person = await signUp(world, gateway);
		const token = await askForLink(person.email);
		expect(token).toMatch(/^\w{20,}$/);
		const rows = await world.sql(`
			select identifier || value as text from verifications
			union all select encode(letter, 'escape') from outgoing_mails where letter is not null`);
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.filter((row) => JSON.stringify(row).includes(token))).toEqual([]);
	});

	it('cannot be asked for without end', async () => {
		await using tight = await world.startGateway({ CM_MAIL_URL: mails.url, CM_SIGN_INS_PER_MINUTE: '2' });
		await untilReady(tight);
		const { email } = await signUp(world, gateway);
		const ask = () => post(`${tight.url}/api/auth/request-password-reset`, { email });
		expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
	});

	it('is replaced by a link that the operator makes, where no mails are sent', async () => {
		const { email } = await signUp(world, gateway);
		const { logger } = world;
		const link = (await createResetLink(world.settings(), { email, logger })) ?? '';
		const token = tokenIn(link);
		world.secrets.add(token);
		const newPassword = 'another-long-password';
		expect((await post(at('/reset-password'), { token, newPassword })).status).toBe(200);
		await signIn(world, gateway, { email, password: newPassword });
		expect(await createResetLink(world.settings(), { email: 'nobody@example.com', logger })).toBeUndefined();
	});

	it('is left to the operator where no mails are sent, and everybody may know that', async () => {
		await using silent = await world.startGateway();
		await untilReady(silent);
		const { email } = await signUp(world, gateway);
		const answer = await post(`${silent.url}/api/auth/request-password-reset`, { email });
		expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
		expect(answer.text).toContain('operator');
		const entry = async ({ url }: Gateway) => (await readAnswer(await fetch(`${url}/api/auth/entry`))).body;
		expect(await entry(silent)).toEqual({ signUp: 'open', sendsMail: false });
		expect(await entry(gateway)).toEqual({ signUp: 'open', sendsMail: true });
	});
});

describe('a mail', () => {
	it('goes by SMTP, as text and as HTML, in the language of the person, and again when it was refused', async () => {
		await using server = await startMailServer();
		// A world of its own: every gateway of one sends what waits.
		await using own = await startWorld();
		own.secrets.add('mail-server-password');
		await using sending = await own.startGateway({
			CM_MAIL_URL: server.url,
			CM_MAIL_FROM: 'Chat Manager <no-reply@chat.example>',
		});
		await untilReady(sending);
		const { cookie, email } = await signUp(own, sending);
		// What a new account is sent.
		await expect.poll(() => server.mails.length, { timeout: 30_000 }).toBe(1);
		server.refuse(1);
		const update = await post(
			`${sending.url}/api/auth/update-user`,
			{ language: 'es', name: '<b>Ana</b>\r\nBcc: x@example.com' },
			{ cookie },
		);
		expect(update.status, update.text).toBe(200);
		await post(`${sending.url}/api/auth/request-password-reset`, { email });
		await expect.poll(() => server.mails.length, { timeout: 30_000 }).toBe(2);
		const [, mail = ''] = server.mails;
		expect(mail).toMatch(/^From: Chat Manager <no-reply@chat\.example>$/m);
		expect(mail).toContain(`To: ${email}`);
		expect(mail).toMatch(/^Subject: .*contrase/m);
		expect(mail).not.toMatch(/^Bcc:/m);
		expect(mail).toContain('Content-Type: text/plain');
		expect(mail).toContain('Content-Type: text/html');
		expect(mail.split('text/html')[1]).not.toContain('<b>Ana');
		expect(mail).toMatch(/^Message-ID: <[0-9a-f-]{36}@localhost>$/m);
	});

	it('needs a sender where a mail server is set', () => {
		expect(() => world.settings({ CM_MAIL_URL: 'smtp://localhost' })).toThrow('CM_MAIL_FROM');
	});
});
