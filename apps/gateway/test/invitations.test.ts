import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentityDatabase } from '../src/database/identity-database.ts';
import { pruneInvitations } from '../src/database/invitations.ts';
import { createInvitation } from '../src/people/create-invitation.ts';
import { listInvitations, revokeInvitations } from '../src/people/list-invitations.ts';
import { type MailFolder, openMailFolder } from './support/mails.ts';
import { type Answer, post, readAnswer, signIn } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let other: Gateway;
let mails: MailFolder;

beforeAll(async () => {
	world = await startWorld();
	mails = await openMailFolder();
	[gateway, other] = await Promise.all([
		world.startGateway({ CM_SIGNUP: 'invite' }),
		world.startGateway({ CM_SIGNUP: 'invite' }),
	]);
	await Promise.all([untilReady(gateway), untilReady(other)]);
});
afterAll(async () => await world[Symbol.asyncDispose]());

async function invite(email?: string, settings: Record<string, string> = {}) {
	const { logger } = world;
	const wanted = { ...(email !== undefined && { email }), days: 7, language: 'es', logger } as const;
	const made = await createInvitation(world.settings(settings), wanted);
	const token = tokenOf(made.link);
	world.secrets.add(token);
	return { ...made, token };
}

const tokenOf = (link: string) => /#invitation=([\w-]{43})$/.exec(link)?.[1] ?? '';
const newAddress = () => `${randomUUID()}@example.com`;
const password = 'correct horse battery staple';

function register(body: object, { url }: Gateway = gateway): Promise<Answer> {
	return post(`${url}/api/auth/sign-up/email`, { password, ...body });
}

const revoke = (which: string) => revokeInvitations(world.settings(), { which, logger: world.logger });
const look = (token: string) => post(`${gateway.url}/api/auth/invitation`, { token });
const refused = (sentence: string) => ({
	status: 403,
	body: { error: { code: 'forbidden', message: expect.stringContaining(sentence) } },
});

describe('an invitation', () => {
	it('for anybody makes one account, and says before and after what it is good for', async () => {
		const { token, expiresAt, isMailed } = await invite();
		expect(isMailed).toBe(false);
		expect(await look(token)).toMatchObject({
			status: 200,
			body: { email: null, expiresAt: expiresAt.toISOString() },
		});
		const email = newAddress();
		expect((await register({ email, invitation: token })).status).toBe(200);
		await signIn(world, gateway, { email, password });
		expect(await register({ email: newAddress(), invitation: token })).toMatchObject(
			refused('was used before'),
		);
		expect(await look(token)).toMatchObject(refused('was used before'));
	});

	it('lets one in of many who use it at the same moment, at several gateways', async () => {
		const { token } = await invite();
		const answers = await Promise.all(
			Array.from({ length: 8 }, (_, index) =>
				register({ email: newAddress(), invitation: token }, index % 2 === 0 ? gateway : other),
			),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(403)]);
	});

	it('for an address works for no other, and is still there after a mistake', async () => {
		const email = newAddress();
		const { token } = await invite(email.toUpperCase().replace('EXAMPLE.COM', 'example.com'));
		expect(await look(token)).toMatchObject({ body: { email } });
		expect(await register({ email: newAddress(), invitation: token })).toMatchObject(
			refused('for another e-mail address'),
		);
		expect((await register({ email, invitation: token, password: 'short' })).status).toBe(400);
		expect((await register({ email, invitation: token })).status).toBe(200);
	});

	it('is not used up by an address that has an account, which is not told', async () => {
		const email = newAddress();
		const first = await register({ email, invitation: (await invite()).token });
		const { token } = await invite();
		const again = await register({ email, invitation: token });
		expect({ status: again.status, keys: Object.keys(again.body) }).toEqual({
			status: first.status,
			keys: Object.keys(first.body),
		});
		expect((await register({ email: newAddress(), invitation: token })).status).toBe(200);
	});

	it('does nothing once its time is over, and is then forgotten', async () => {
		const { token } = await invite();
		await world.sql(`update invitations set expires_at = now() - interval '1 second'`);
		expect(await look(token)).toMatchObject(refused('its time is over'));
		expect(await register({ email: newAddress(), invitation: token })).toMatchObject(
			refused('its time is over'),
		);
		const { DATABASE_URL, DATABASE_SCHEMA } = world.settings();
		await using database = openIdentityDatabase({
			url: DATABASE_URL,
			schema: DATABASE_SCHEMA,
			logger: world.logger,
		});
		await database.prepare(new AbortController().signal);
		await pruneInvitations(database, new Date());
		expect(await world.sql('select * from invitations')).toEqual([]);
	});

	it('is listed until it is revoked, by its id or all of an address', async () => {
		const [email, other] = [newAddress(), newAddress()];
		const [first, second, third] = [await invite(email), await invite(email), await invite(other)];
		const listed = async () => (await listInvitations(world.settings(), world)).map((row) => row.email);
		expect(await listed()).toEqual(expect.arrayContaining([email, email, other]));
		expect(await revoke(email.toUpperCase())).toBe(2);
		expect(await listed()).not.toContain(email);
		for (const { token } of [first, second])
			expect(await register({ email, invitation: token })).toMatchObject(refused('Ask the operator'));
		const [row] = (await listInvitations(world.settings(), world)).filter((each) => each.email === other);
		expect(await revoke(row?.id ?? '')).toBe(1);
		expect(await look(third.token)).toMatchObject(refused('Ask the operator'));
		expect(await revoke(other)).toBe(0);
	});

	it('for the address of an account that is deleted goes with it', async () => {
		const email = newAddress();
		const [{ token }] = [await invite(email), await invite(email)];
		expect((await register({ email, invitation: token })).status).toBe(200);
		const cookie = await signIn(world, gateway, { email, password });
		const gone = await post(`${gateway.url}/api/auth/delete-user`, { email, password }, { cookie });
		expect(gone.status, gone.text).toBe(200);
		await expect
			.poll(() => world.sql(`select id from invitations where email = '${email}'`), { timeout: 20_000 })
			.toEqual([]);
	});

	it('stands in no table as it can be used', async () => {
		const { token } = await invite(newAddress(), { CM_MAIL_URL: mails.url });
		const rows = await world.sql(`
			select id || encode(secret_hash, 'escape') || coalesce(email, '') as text from invitations
			union all select encode(letter, 'escape') from outgoing_mails where letter is not null`);
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.filter((row) => JSON.stringify(row).includes(token))).toEqual([]);
	});

	it('goes by mail to its address where mails are sent, in the language that was wished', async () => {
		const email = newAddress();
		const { link, isMailed } = await invite(email, { CM_MAIL_URL: mails.url });
		expect(isMailed).toBe(true);
		const mail = await mails.find(email, 'Te invitan a Chat Manager');
		expect(mail).toContain(link);
	});
});

describe('without an invitation', () => {
	it('nobody registers, and is told what to do', async () => {
		expect(await register({ email: newAddress() })).toMatchObject(refused('by invitation only'));
		expect(await register({ email: newAddress(), invitation: 'made-up' })).toMatchObject(
			refused('was used before'),
		);
		const { body } = await readAnswer(await fetch(`${gateway.url}/api/auth/entry`));
		expect(body).toMatchObject({ signUp: 'invite' });
	});

	it('nothing changes where accounts are not made at all, or by everybody', async () => {
		const { token } = await invite();
		await using closed = await world.startGateway({ CM_SIGNUP: 'closed' });
		await using open = await world.startGateway();
		await Promise.all([untilReady(closed), untilReady(open)]);
		expect(await register({ email: newAddress(), invitation: token }, closed)).toMatchObject(
			refused('cannot be made here'),
		);
		expect((await register({ email: newAddress() }, open)).status).toBe(200);
		expect((await look(token)).status).toBe(200);
	});
});
