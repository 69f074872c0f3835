import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { group, otherGroup } from './support/person.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

const addresses: Record<string, string[]> = {
	'hooks.example.com': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
	'localhost.example.com': ['127.0.0.1'],
	'half.example.com': ['93.184.215.14', '10.0.0.5'],
	'mapped.example.com': ['::ffff:192.168.1.1'],
	'silent.example.com': [],
};
const url = 'https://hooks.example.com/whatsapp';

let world: World;
let ledger: Ledger;
let service: AsyncDisposable;
beforeAll(async () => {
	world = await startWorld();
	ledger = await world.ledger({ CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'false' });
	service = await ledger.start({ resolve: async (name) => addresses[name] ?? [] });
});
afterAll(async () => {
	await service[Symbol.asyncDispose]();
	await world[Symbol.asyncDispose]();
});

const refused = (what: RegExp) =>
	expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(what) });
const notFound = expect.objectContaining({ code: 'webhook_not_found' });

describe('a webhook', () => {
	it('is added with a secret that is shown this once, listed and deleted', async () => {
		const person = world.person();
		const { secret, ...added } = await person.add({ url, name: 'Support', events: ['message.received'] });
		expect(secret).toMatch(/^whsec_/);
		expect(Buffer.from(secret.slice(6), 'base64').length).toBeGreaterThanOrEqual(24);
		expect(added).toMatchObject({ url, name: 'Support', events: ['message.received'], groups: null });
		expect(added.lastDeliveryAt).toBeNull();
		expect(await person.list()).toEqual([added]);
		expect(await person.delete(added.id)).toEqual({ id: added.id, deleted: true });
		expect(await person.list()).toEqual([]);
	});

	it('of another user is answered exactly like one that does not exist', async () => {
		const [ana, ben] = [world.person(), world.person()];
		const { id } = await ana.add({ url });
		expect(await ben.list()).toEqual([]);
		const foreign = await ben.delete(id).catch((error: unknown) => error);
		const missing = await ben.delete('whk_none').catch((error: unknown) => error);
		expect(foreign).toEqual(notFound);
		expect(foreign).toEqual(missing);
		expect(await ana.list()).toHaveLength(1);
	});

	it('needs the scope', async () => {
		const person = world.person();
		const forbidden = expect.objectContaining({ code: 'forbidden' });
		await expect(person.add({ url }, { scopes: ['groups:read'] })).rejects.toEqual(forbidden);
		await expect(person.list({ scopes: ['messages:read'] })).rejects.toEqual(forbidden);
	});

	it('has at most a hundred brothers', async () => {
		const person = world.person();
		for (let made = 0; made < 100; made++) await person.add({ url });
		await expect(person.add({ url })).rejects.toEqual(refused(/100 webhooks already/));
	});
});

describe('a token that is limited to some groups', () => {
	const limit = { groups: [group] };

	it('registers webhooks for those groups only; for all of them unless told', async () => {
		const person = world.person();
		expect((await person.add({ url }, limit)).groups).toEqual([group]);
		expect((await person.add({ url, groups: [group, group] }, limit)).groups).toEqual([group]);
		await expect(person.add({ url, groups: [group, otherGroup] }, limit)).rejects.toEqual(
			// In the same words as a group that is not starred: `serve` refuses it before a handler runs.
			expect.objectContaining({ code: 'group_not_starred' }),
		);
	});

	it('does not know of a webhook that hears more', async () => {
		const person = world.person();
		const all = await person.add({ url });
		const wider = await person.add({ url, groups: [group, otherGroup] });
		const own = await person.add({ url, groups: [group] });
		expect((await person.list(limit)).map(({ id }) => id)).toEqual([own.id]);
		await expect(person.delete(all.id, limit)).rejects.toEqual(notFound);
		await expect(person.delete(wider.id, limit)).rejects.toEqual(notFound);
		await person.delete(own.id, limit);
		// As a set: two of the same millisecond have no order.
		expect(new Set((await person.list()).map(({ id }) => id))).toEqual(new Set([all.id, wider.id]));
	});
});

describe('a URL that nothing is posted to', () => {
	it.each([
		['http://hooks.example.com/', /https/],
		['https://ana:secret@hooks.example.com/', /user name or password/],
		['https://ana@hooks.example.com/', /user name or password/],
		['https://127.0.0.1/', /public internet/],
		['https://127.1/', /public internet/],
		['https://0x7f000001/', /public internet/],
		['https://2130706433/', /public internet/],
		['https://0177.0.0.1/', /public internet/],
		['https://10.0.0.1:8443/', /public internet/],
		['https://169.254.169.254/latest/meta-data', /public internet/],
		['https://100.64.3.2/', /public internet/],
		['https://224.0.0.1/', /public internet/],
		['https://[::1]/', /public internet/],
		['https://[::ffff:10.0.0.1]/', /public internet/],
		['https://[::ffff:7f00:1]/', /public internet/],
		['https://[64:ff9b::7f00:1]/', /public internet/],
		['https://[2002:7f00:1::]/', /public internet/],
		['https://[fd00:ec2::254]/', /public internet/],
		['https://[fe80::1]/', /public internet/],
		['https://localhost.example.com/', /public internet/],
		['https://half.example.com/', /public internet/],
		['https://mapped.example.com/', /public internet/],
	])('is refused: %s', async (text, why) => {
		const person = world.person();
		await expect(person.add({ url: text })).rejects.toEqual(refused(why));
		expect(await person.list()).toEqual([]);
	});

	it('is one of another protocol too', async () => {
		await expect(world.person().add({ url: 'ftp://hooks.example.com/' })).rejects.toEqual(refused(/url/));
	});

	it('is not one whose name cannot be resolved at this moment', async () => {
		const { id } = await world.person().add({ url: 'https://silent.example.com/' });
		expect(id).toMatch(/^whk_/);
	});
});
