import { createManualClock } from '@chat-manager/service';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pollMs } from '../src/delivery/dispatcher.ts';
import { oldSecretMs } from '../src/handlers/webhooks.ts';
import { group, otherGroup, type Person } from './support/person.ts';
import { type Received, type Receiver, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

const clock = createManualClock(Date.now());
let world: World;
let service: AsyncDisposable;
let receiver: Receiver;
let person: Person;
beforeAll(async () => {
	world = await startWorld();
	const ledger = await world.ledger();
	service = await ledger.start({ clock });
	receiver = await startReceiver();
});
afterAll(async () => {
	await receiver[Symbol.asyncDispose]();
	await service[Symbol.asyncDispose]();
	await world[Symbol.asyncDispose]();
});
beforeEach(() => {
	person = world.person(() => clock.now());
	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(200);
});
afterEach(() => person.leaves());

const idsAt = (path: string) => receiver.at(path).map(({ headers }) => headers['webhook-id']);
const add = (input: { path: string; groups?: string[] }) =>
	person.add({ url: `${receiver.url}${input.path}`, groups: input.groups ?? null });

describe('a paused webhook', () => {
	it('gets nothing; what happens meanwhile waits, and comes when it is resumed', async () => {
		const { id } = await add({ path: '/paused' });
		clock.advance(1);
		const other = await add({ path: '/other' });
		expect(await person.client.webhooks.pause({ id }, person.caller())).toMatchObject({ status: 'paused' });
		const ids = await person.happens(person.message(), person.message());
		await until(() => expect(idsAt('/other').sort()).toEqual([...ids].sort()));
		const { deliveries } = await person.client.deliveries.list({ webhookId: id }, person.caller());
		expect(deliveries).toMatchObject([
			{ state: 'held', attempts: 0, nextAttemptAt: null },
			{ state: 'held', attempts: 0, nextAttemptAt: null },
		]);
		clock.advance(pollMs);
		ids.push(...(await person.happens(person.message())));
		await until(() => expect(idsAt('/other')).toHaveLength(3));
		expect(receiver.at('/paused')).toEqual([]);
		expect((await person.list()).map(({ id, status }) => [id, status])).toEqual([
			[id, 'paused'],
			[other.id, 'active'],
		]);
		expect(await person.client.webhooks.resume({ id }, person.caller())).toMatchObject({ status: 'active' });
		await until(() => expect(idsAt('/paused').sort()).toEqual([...ids].sort()));
	});

	it('takes no test and no replay, and says what to do', async () => {
		const { id } = await add({ path: '/paused-2' });
		await person.client.webhooks.pause({ id }, person.caller());
		const since = new Date(clock.now()).toISOString();
		const refused = { code: 'webhook_not_active', message: expect.stringContaining('Resume it first') };
		await expect(person.client.webhooks.test({ id }, person.caller())).rejects.toMatchObject(refused);
		await expect(
			person.client.deliveries.replay({ webhookId: id, since }, person.caller()),
		).rejects.toMatchObject(refused);
	});
});

describe('a changed webhook', () => {
	it('hears of what it wants now, where it wants it', async () => {
		const { id } = await add({ path: '/before' });
		const changed = await person.client.webhooks.update(
			{ id, url: `${receiver.url}/after`, name: 'New', events: ['message.received'], groups: [group] },
			person.caller(),
		);
		expect(changed).toMatchObject({ id, name: 'New', events: ['message.received'], groups: [group] });
		expect(await person.list()).toEqual([changed]);
		const [wanted] = await person.happens(person.message(), person.message({ groupJid: otherGroup }));
		await until(() => expect(idsAt('/after')).toEqual([wanted]));
		expect(receiver.at('/before')).toEqual([]);
	});

	it('keeps what is not named', async () => {
		const webhook = await add({ path: '/kept', groups: [group] });
		const { secret: _shownOnce, ...rest } = webhook;
		const renamed = await person.client.webhooks.update({ id: webhook.id, name: 'N' }, person.caller());
		expect(renamed).toEqual({ ...rest, name: 'N' });
		const widened = await person.client.webhooks.update({ id: webhook.id, groups: null }, person.caller());
		expect(widened).toEqual({ ...renamed, groups: null });
	});

	it('must not lead to where nothing may be posted, nor beyond the limit of a token', async () => {
		const { id } = await add({ path: '/x', groups: [group] });
		await expect(
			person.client.webhooks.update({ id, url: 'https://10.0.0.1/' }, person.caller()),
		).rejects.toMatchObject({ code: 'invalid_input' });
		const limited = person.caller({ groups: [group] });
		await expect(person.client.webhooks.update({ id, groups: [otherGroup] }, limited)).rejects.toMatchObject({
			code: 'group_not_starred',
		});
		expect(await person.client.webhooks.update({ id, groups: null }, limited)).toMatchObject({
			groups: [group],
		});
	});
});

describe('a new secret', () => {
	it('signs at once; the one before it signs too for a day, and then no more', async () => {
		const { id, secret: first } = await add({ path: '/rotated' });
		const rotated = await person.client.webhooks.rotateSecret({ id }, person.caller());
		expect(rotated.secret).toMatch(/^whsec_/);
		expect(rotated.secret).not.toBe(first);
		expect(Date.parse(rotated.oldSecretSignsUntil) - clock.now()).toBe(oldSecretMs);
		await person.happens(person.message());
		const both = await until(() => only(receiver.at('/rotated')));
		expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2);
		for (const secret of [first, rotated.secret]) expect(signs(secret, both)).toBe(true);

		clock.advance(oldSecretMs);
		receiver.received.length = 0;
		await person.happens(person.message());
		const one = await until(() => only(receiver.at('/rotated')));
		expect(signs(rotated.secret, one)).toBe(true);
		expect(signs(first, one)).toBe(false);
	});
});

describe('a test', () => {
	it('reaches the one webhook, whatever it listens to, and stands on the ledger', async () => {
		const { id, secret } = await person.add({ url: `${receiver.url}/tested`, events: ['member.joined'] });
		await add({ path: '/untested' });
		const { deliveryId } = await person.client.webhooks.test({ id }, person.caller());
		const received = await until(() => only(receiver.at('/tested')));
		expect(signs(secret, received)).toBe(true);
		expect(JSON.parse(String(received.body))).toEqual({
			id: received.headers['webhook-id'],
			type: 'webhook.test',
			timestamp: expect.any(String),
			data: { webhookId: id, groupJid: null },
		});
		await until(async () =>
			expect(await person.client.deliveries.get({ id: deliveryId }, person.caller())).toMatchObject({
				type: 'webhook.test',
				state: 'delivered',
				log: [{ number: 1, status: 200, fault: null }],
			}),
		);
		expect(receiver.at('/untested')).toEqual([]);
	});
});

describe('a webhook of somebody else', () => {
	it('looks like one that does not exist, to every action', async () => {
		const { id } = await add({ path: '/mine' });
		const stranger = world.person(() => clock.now());
		const since = new Date(clock.now()).toISOString();
		const { webhooks, deliveries } = stranger.client;
		const actions: ((webhookId: string) => Promise<unknown>)[] = [
			(id) => webhooks.update({ id, name: 'x' }, stranger.caller()),
			(id) => webhooks.pause({ id }, stranger.caller()),
			(id) => webhooks.resume({ id }, stranger.caller()),
			(id) => webhooks.test({ id }, stranger.caller()),
			(id) => webhooks.rotateSecret({ id }, stranger.caller()),
			(id) => webhooks.delete({ id }, stranger.caller()),
			(webhookId) => deliveries.list({ webhookId }, stranger.caller()),
			(webhookId) => deliveries.replay({ webhookId, since }, stranger.caller()),
		];
		for (const action of actions) {
			const [foreign, missing] = await Promise.allSettled([action(id), action('whk_none')]);
			expect(foreign.status).toBe('rejected');
			expect(foreign).toEqual(missing);
		}
		expect(await person.list()).toMatchObject([{ id, status: 'active', name: 'Webhook' }]);
	});
});

function only<T>(list: readonly T[]): T {
	expect(list).toHaveLength(1);
	return list[0] as T;
}

/** By the official library, whose clock is the machine's: so the header's time is taken for now. */
function signs(secret: string, received: Received): boolean {
	const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = received.headers;
	const expected = new Webhook(secret).sign(String(id), new Date(Number(at) * 1_000), received.body);
	return String(signatures).split(' ').includes(expected);
}
