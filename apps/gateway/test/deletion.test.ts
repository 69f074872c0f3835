import { consumeEvents, publishEvent } from '@chat-manager/bus';
import { keepers } from '@chat-manager/contracts';
import { createManualClock } from '@chat-manager/service';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openIdentityDatabase } from '../src/database/identity-database.ts';
import { type MailFolder, openMailFolder } from './support/mails.ts';
import { bearer, createToken, type Person, post, signIn, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let mails: MailFolder;
let erasers: Awaited<ReturnType<typeof startErasers>>;

beforeAll(async () => {
	world = await startWorld();
	mails = await openMailFolder();
	gateway = await world.startGateway({ CM_MAIL_URL: mails.url });
	await untilReady(gateway);
	erasers = await startErasers(world);
});
afterEach(() => erasers.setAway(undefined));
afterAll(async () => await world[Symbol.asyncDispose]());

const waiting = { timeout: 40_000, interval: 50 };

/** The services behind the gateway: each says that it is done, twice, as after a redelivery; one of them may be away. */
async function startErasers(world: World) {
	const asked: string[] = [];
	let away: string | undefined;
	for (const service of keepers) {
		const bus = await world.connect(service);
		await consumeEvents(bus, {
			durable: service,
			types: ['account.deleted'],
			async handle(events) {
				for (const { userId } of events) {
					asked.push(userId);
					if (service === away) continue;
					for (const repeat of [1, 2])
						await publishEvent(bus, {
							id: `erased-${service}-${userId}-${repeat}`.slice(-64),
							type: 'account.erased',
							at: new Date().toISOString(),
							userId,
							data: { service },
						});
				}
			},
		});
	}
	return {
		asked,
		setAway(service: string | undefined) {
			away = service;
		},
	};
}

const remove = (person: Person, body: object, { url } = gateway) =>
	post(`${url}/api/auth/delete-user`, body, { cookie: person.cookie });
const credentialsOf = ({ email, password }: Person) => ({ email, password });
const pending = (id: string) =>
	world.sql(`select waiting_for from pending_deletions where user_id = '${id}'`);
const untilGone = (id: string) => vi.waitFor(async () => expect(await pending(id)).toEqual([]), waiting);

describe('deleting an account', () => {
	it('does not warn of a deletion when a gateway starts', () => {
		expect(world.log.join('')).toContain('listening');
		expect(world.log.filter((line) => line.includes('a deletion of an account waits'))).toEqual([]);
	});

	it('asks for the address and the password, and is told by mail when all are done', async () => {
		const person = await signUp(world, gateway);
		const { token } = await createToken(world, gateway, person);
		const { email, password, cookie } = person;
		const call = () => post(`${gateway.url}/api/groups/list-starred`, {}, bearer(token));
		expect((await call()).status).not.toBe(401);
		expect(await remove(person, { email: 'x@example.com', password })).toMatchObject({ status: 400 });
		expect(await remove(person, { email, password: 'wrong' })).toMatchObject({ status: 401 });
		expect((await remove(person, { email: email.toUpperCase(), password })).status).toBe(200);
		expect((await post(`${gateway.url}/api/tokens/list`, {}, { cookie })).status).toBe(401);
		expect((await call()).status).toBe(401);
		expect((await post(`${gateway.url}/api/auth/sign-in/email`, { email, password })).status).toBe(401);
		const mail = await mails.find(email, 'Your account is deleted');
		expect(mail).toContain('the last mail to you');
		await untilGone(person.id);
		// The mail is there a moment before it is noted that it went.
		await expect
			.poll(() => world.sql(`select recipient from outgoing_mails where recipient = '${email}'`))
			.toEqual([]);
	});

	it('takes a fresh session for the password, and no other', async () => {
		const person = await signUp(world, gateway);
		const { email, id, password } = person;
		await world.sql(
			`update sessions set "createdAt" = now() - interval '6 minutes' where "userId" = '${id}'`,
		);
		expect(await remove(person, { email })).toMatchObject({
			status: 403,
			body: { error: { code: 'session_not_fresh' } },
		});
		const cookie = await signIn(world, gateway, { email, password });
		expect((await remove({ ...person, cookie }, { email })).status).toBe(200);
		await untilGone(id);
	});

	it('waits for who is away, and is not reported done before', async () => {
		erasers.setAway('storage');
		const person = await signUp(world, gateway);
		const { email, password, id } = person;
		// What a new account is sent goes with it if it was not sent before.
		await mails.find(email, 'Confirm your e-mail address');
		expect((await remove(person, { email, password })).status).toBe(200);
		await vi.waitFor(async () => expect(await pending(id)).toEqual([{ waiting_for: ['storage'] }]), waiting);
		expect(await mails.to(email)).toHaveLength(1);
		erasers.setAway(undefined);
		const bus = await world.connect('storage');
		await publishEvent(bus, {
			id: `late-${id}`.slice(-64),
			type: 'account.erased',
			at: new Date().toISOString(),
			userId: id,
			data: { service: 'storage' },
		});
		await mails.find(email, 'Your account is deleted');
		await untilGone(id);
	});

	it('begins while another one is under way, and does not wait for the next look', async () => {
		await using own = await startWorld();
		// Its clock stands still: there is no next look.
		const gateway = await own.startGateway({}, { clock: createManualClock(Date.now()) });
		await untilReady(gateway);
		const { asked } = await startErasers(own);
		const [first, second] = [await signUp(own, gateway), await signUp(own, gateway)];
		const { DATABASE_URL: url, DATABASE_SCHEMA: schema } = own.settings();
		await using database = openIdentityDatabase({ url, schema, logger: own.logger });
		await database.db.transaction().execute(async (transaction) => {
			await sql`lock table invitations in exclusive mode`.execute(transaction);
			expect((await remove(first, credentialsOf(first), gateway)).status).toBe(200);
			const held = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%from invitations%'`;
			await expect.poll(() => own.sql(held)).toHaveLength(1);
			expect((await remove(second, credentialsOf(second), gateway)).status).toBe(200);
		});
		await expect.poll(() => asked).toEqual(expect.arrayContaining([first.id, second.id]));
	});

	it('that only began before a crash is finished by the next process', async () => {
		const person = await signUp(world, gateway);
		const { token } = await createToken(world, gateway, person);
		await world.sql(`
			insert into pending_deletions (user_id, email, name, requested_at, waiting_for)
			select id, email, name, now(), array['${keepers.join("','")}'] from people where id = '${person.id}'`);
		await using next = await world.startGateway({ CM_MAIL_URL: mails.url });
		await untilReady(next);
		await mails.find(person.email, 'Your account is deleted');
		await untilGone(person.id);
		expect(erasers.asked).toContain(person.id);
		expect((await post(`${next.url}/api/tokens/list`, {}, { cookie: person.cookie })).status).toBe(401);
		expect((await post(`${next.url}/api/groups/list-starred`, {}, bearer(token))).status).toBe(401);
	});
});

it('the owner of a webhook that was disabled is told once, whatever is delivered again', async () => {
	const person = await signUp(world, gateway);
	const bus = await world.connect('webhooks');
	const tell = (repeat: string) =>
		bus.jetStream.publish(
			`cm.v1.event.${person.id}.webhook.disabled`,
			JSON.stringify({
				id: 'whk_1-1764235800000',
				type: 'webhook.disabled',
				at: '2026-11-27T09:30:00.000Z',
				userId: person.id,
				data: { webhookId: 'whk_1', name: 'Support <desk>', reason: 'gone' },
			}),
			// Another message to NATS, the same event to us.
			{ msgID: repeat },
		);
	await tell('first');
	const mail = await mails.find(person.email, 'Webhook disabled: Support <desk>');
	expect(mail).toContain('410');
	expect(mail).toContain(`${gateway.url}/app/settings/webhooks/whk_1`);
	await tell('second');
	// What comes after it in the stream is there: so is the second one, which made no mail.
	const other = await signUp(world, gateway);
	await publishEvent(bus, {
		id: 'whk_2-1',
		type: 'webhook.disabled',
		at: '2026-11-27T09:31:00.000Z',
		userId: other.id,
		data: { webhookId: 'whk_2', name: 'Other', reason: 'failing' },
	});
	await mails.find(other.email, 'Webhook disabled: Other');
	await mails.find(person.email, 'Confirm your e-mail address');
	expect(await mails.to(person.email)).toHaveLength(2);
});
