import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMailWorld } from './support/mail-world.ts';
import { type MailFolder, tokenIn } from './support/mails.ts';
import { type Person, post, readAnswer, signIn, signUp } from './support/person.ts';
import { type Gateway, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let mails: MailFolder;

beforeAll(async () => {
	({ world, gateway, mails } = await startMailWorld());
});
afterAll(async () => await world[Symbol.asyncDispose]());

const at = (path: string, { url }: Gateway = gateway) => `${url}/api/auth${path}`;
const waiting = { timeout: 30_000, interval: 30 };
const newAddress = () => `${randomUUID()}@example.com`;

async function userOf(cookie: string, where: Gateway = gateway) {
	return (await readAnswer(await fetch(at('/get-session', where), { headers: { cookie } }))).body.user;
}

async function linkTo(email: string): Promise<string> {
	const token = tokenIn(await mails.find(email, 'Confirm your e-mail address'));
	expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
	world.secrets.add(token);
	return token;
}

async function askForChange({ cookie }: Person, newEmail: string, where: Gateway = gateway) {
	return await post(at('/change-email', where), { newEmail }, { cookie });
}

const confirm = (token: string, cookie?: string) =>
	post(at('/confirm-email'), { token }, cookie === undefined ? {} : { cookie });

describe('the address of a new account', () => {
	it('is confirmed by a link that is mailed at once, by whoever has the mail, and is open before', async () => {
		const person = await signUp(world, gateway);
		expect(await userOf(person.cookie)).toMatchObject({ emailVerified: false });
		const token = await linkTo(person.email);
		expect(await confirm(token)).toMatchObject({ status: 200, body: { email: person.email } });
		expect(await userOf(person.cookie)).toMatchObject({ emailVerified: true });
		const again = await post(at('/send-confirmation'), {}, { cookie: person.cookie });
		expect(again).toMatchObject({
			status: 400,
			body: { error: { message: expect.stringMatching(/confirmed already/) } },
		});
	});

	it('is asked for only a few times a minute', async () => {
		await using tight = await world.startGateway({ CM_MAIL_URL: mails.url, CM_SIGN_INS_PER_MINUTE: '2' });
		await untilReady(tight);
		const { cookie, email } = await signUp(world, gateway);
		const statuses = [];
		for (let attempt = 0; attempt < 4; attempt++)
			statuses.push((await post(at('/send-confirmation', tight), {}, { cookie })).status);
		expect(statuses).toEqual([200, 200, 429, 429]);
		await expect.poll(async () => (await mails.to(email)).length).toBe(3);
	});

	it('can be asked for another link', async () => {
		const { cookie, email } = await signUp(world, gateway);
		await mails.find(email, 'Confirm your e-mail address');
		expect((await post(at('/send-confirmation'), {}, { cookie })).status).toBe(200);
		await expect.poll(async () => (await mails.to(email)).length).toBe(2);
	});
});

describe('another address', () => {
	it('takes the place of the first when its link is used, and the first is told', async () => {
		const person = await signUp(world, gateway);
		const newEmail = newAddress();
		expect((await askForChange(person, newEmail)).status).toBe(200);
		expect(await userOf(person.cookie)).toMatchObject({ email: person.email });
		const token = await linkTo(newEmail);
		expect(await confirm(token, person.cookie)).toMatchObject({ status: 200, body: { email: newEmail } });
		expect(await userOf(person.cookie)).toMatchObject({ email: newEmail, emailVerified: true });
		expect(await mails.find(person.email, 'Your e-mail address was changed')).toContain(newEmail);
		const { password } = person;
		expect((await post(at('/sign-in/email'), { email: person.email, password })).status).toBe(401);
		await signIn(world, gateway, { email: newEmail, password });
		const again = await confirm(token, person.cookie);
		expect(again).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
	});

	it('is not taken again by a link that was used, when the first has come back', async () => {
		const person = await signUp(world, gateway);
		const newEmail = newAddress();
		await askForChange(person, newEmail);
		const used = await linkTo(newEmail);
		expect((await confirm(used, person.cookie)).status).toBe(200);
		await mails.find(person.email, 'Your e-mail address was changed');
		await askForChange(person, person.email);
		const [, back = ''] = await vi.waitFor(async () => {
			const links = (await mails.to(person.email)).filter((mail) => mail.includes('Confirm your e-mail'));
			expect(links).toHaveLength(2);
			return links;
		}, waiting);
		world.secrets.add(tokenIn(back));
		expect((await confirm(tokenIn(back), person.cookie)).status).toBe(200);
		// A link says in whole seconds when it was made.
		await world.sql(
			`update people set email_changed_at = email_changed_at + interval '2 seconds' where id = '${person.id}'`,
		);
		expect(await confirm(used, person.cookie)).toMatchObject({
			status: 400,
			body: { error: { code: 'invalid_input', message: expect.stringContaining('used before') } },
		});
		expect(await userOf(person.cookie)).toMatchObject({ email: person.email });
	});

	it('is told to the first though it is changed twice at the same moment', async () => {
		const person = await signUp(world, gateway);
		const wanted = [newAddress(), newAddress()];
		for (const email of wanted) await askForChange(person, email);
		const tokens = await Promise.all(wanted.map(linkTo));
		const answers = await Promise.all(tokens.map((token) => confirm(token, person.cookie)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
		const winner = wanted[answers.findIndex(({ status }) => status === 200)];
		expect(await userOf(person.cookie)).toMatchObject({ email: winner, emailVerified: true });
		expect(await mails.find(person.email, 'Your e-mail address was changed')).toContain(winner);
	});

	it('is shown while it waits, is followed by the next one that is asked for, and can be called off', async () => {
		const person = await signUp(world, gateway);
		const { cookie } = person;
		const waiting = async (by = cookie) =>
			(await readAnswer(await fetch(at('/email-change'), { headers: { cookie: by } }))).body;
		expect(await waiting()).toEqual({ newEmail: null });
		const [first, second, third] = [newAddress(), newAddress(), newAddress()];
		await askForChange(person, first.toUpperCase());
		expect(await waiting()).toEqual({ newEmail: first });
		expect(await waiting((await signUp(world, gateway)).cookie)).toEqual({ newEmail: null });
		await askForChange(person, second);
		expect(await waiting()).toEqual({ newEmail: second });
		expect(await confirm(await linkTo(first), cookie)).toMatchObject({
			status: 400,
			body: { error: { message: expect.stringContaining('called off') } },
		});
		await world.sql(
			`update people set wanted_email_at = now() - interval '24 hours 1 second' where id = '${person.id}'`,
		);
		expect(await waiting()).toEqual({ newEmail: null });
		await askForChange(person, third);
		expect((await post(at('/call-off-email-change'), {})).status).toBe(401);
		expect(await waiting()).toEqual({ newEmail: third });
		expect((await post(at('/call-off-email-change'), {}, { cookie })).status).toBe(200);
		expect(await waiting()).toEqual({ newEmail: null });
		expect((await confirm(await linkTo(third), cookie)).status).toBe(400);
		expect(await userOf(cookie)).toMatchObject({ email: person.email });
	});

	it('of an account that is deleted meanwhile stays nobody’s', async () => {
		const person = await signUp(world, gateway);
		const newEmail = newAddress();
		await askForChange(person, newEmail);
		const [link, first] = [await linkTo(newEmail), await linkTo(person.email)];
		const { email, password } = person;
		const gone = await post(at('/delete-user'), { email, password }, { cookie: person.cookie });
		expect(gone.status, gone.text).toBe(200);
		expect((await confirm(link, person.cookie)).status).toBe(401);
		expect((await confirm(first)).status).toBe(400);
	});

	it('is not taken by somebody who only has the mail', async () => {
		const person = await signUp(world, gateway);
		const stranger = await signUp(world, gateway);
		const newEmail = newAddress();
		await askForChange(person, newEmail);
		const token = await linkTo(newEmail);
		expect((await confirm(token)).status).toBe(401);
		expect(await confirm(token, stranger.cookie)).toMatchObject({
			status: 400,
			body: { error: { message: expect.stringContaining('another account') } },
		});
		expect(await userOf(person.cookie)).toMatchObject({ email: person.email });
	});

	it('ends links to a new password that were mailed to the first', async () => {
		const person = await signUp(world, gateway);
		await post(at('/request-password-reset'), { email: person.email });
		const reset = tokenIn(await mails.find(person.email, 'Choose a new password'));
		world.secrets.add(reset);
		const newEmail = newAddress();
		await askForChange(person, newEmail);
		expect((await confirm(await linkTo(newEmail), person.cookie)).status).toBe(200);
		const answer = await post(at('/reset-password'), { token: reset, newPassword: 'another-long-password' });
		expect(answer.status).toBe(400);
	});

	it('of another account is answered alike, and gets no mail', async () => {
		const [person, owner] = [await signUp(world, gateway), await signUp(world, gateway)];
		await mails.find(owner.email, 'Confirm your e-mail address');
		const [free, taken] = [
			await askForChange(person, newAddress()),
			await askForChange(person, owner.email.toUpperCase()),
		];
		expect(taken.text).toBe(free.text);
		await linkTo(await askedLater(person));
		expect(await mails.to(owner.email)).toHaveLength(1);
	});

	it('that got an account meanwhile stays with that one', async () => {
		const person = await signUp(world, gateway);
		const newEmail = newAddress();
		await askForChange(person, newEmail);
		const token = await linkTo(newEmail);
		await post(at('/sign-up/email'), { email: newEmail, password: 'long-enough-password' });
		expect(await confirm(token, person.cookie)).toMatchObject({
			status: 400,
			body: { error: { message: expect.stringContaining('belongs to another account') } },
		});
		expect(await userOf(person.cookie)).toMatchObject({ email: person.email });
	});

	it('is asked for only by somebody who said lately who they are, and only if it is another', async () => {
		const person = await signUp(world, gateway);
		expect(await askForChange(person, person.email.toUpperCase())).toMatchObject({
			status: 400,
			body: { error: { message: expect.stringContaining('already') } },
		});
		await world.sql(
			`update sessions set "createdAt" = "createdAt" - interval '1 hour' where "userId" = '${person.id}'`,
		);
		expect(await askForChange(person, newAddress())).toMatchObject({
			status: 403,
			body: { error: { code: 'session_not_fresh' } },
		});
		expect((await post(at('/change-email'), { newEmail: newAddress() })).status).toBe(401);
	});

	it('is taken at once where no mails are sent', async () => {
		await using silent = await world.startGateway();
		await untilReady(silent);
		const person = await signUp(world, silent);
		const newEmail = newAddress();
		expect((await askForChange(person, newEmail, silent)).status).toBe(200);
		expect(await userOf(person.cookie, silent)).toMatchObject({ email: newEmail, emailVerified: false });
		await signIn(world, silent, { email: newEmail, password: person.password });
		const asked = await post(at('/send-confirmation', silent), {}, { cookie: person.cookie });
		expect(asked).toMatchObject({
			status: 403,
			body: { error: { message: expect.stringMatching(/sends no mail/) } },
		});
	});

	it('is taken at once where mails are no longer sent, though the first was confirmed when they were', async () => {
		const person = await signUp(world, gateway);
		expect((await confirm(await linkTo(person.email))).status).toBe(200);
		await using silent = await world.startGateway();
		await untilReady(silent);
		const newEmail = newAddress();
		expect((await askForChange(person, newEmail.toUpperCase(), silent)).status).toBe(200);
		expect(await userOf(person.cookie, silent)).toMatchObject({ email: newEmail, emailVerified: false });
	});

	it('of another account is answered alike, and not taken, where no mails are sent', async () => {
		await using silent = await world.startGateway();
		await untilReady(silent);
		const [person, owner] = [await signUp(world, silent), await signUp(world, silent)];
		const taken = await askForChange(person, owner.email.toUpperCase(), silent);
		expect(await userOf(person.cookie, silent)).toMatchObject({ email: person.email });
		expect(taken.text).toBe((await askForChange(person, newAddress(), silent)).text);
		expect(taken.status).toBe(200);
	});

	/** What is asked for last is mailed last. */
	async function askedLater(person: Person): Promise<string> {
		const later = newAddress();
		expect((await askForChange(person, later)).status).toBe(200);
		return later;
	}
});

it.each(['not a token', 'a.b.c', `e30.${Buffer.from('{"userId":"x","email":"y"}').toString('base64url')}.x`])(
	'a link that is not ours confirms nothing: %s',
	async (token) => {
		const answer = await confirm(token);
		expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
	},
);
