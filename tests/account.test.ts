import { connectBus } from '@chat-manager/bus';
import { userEventsFilter } from '@chat-manager/contracts';
import { isFull } from '@chat-manager/test-run';
import { startReceiver } from '@chat-manager/webhooks/receiver';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { tablesWith } from './support/leftovers.ts';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { signUp, waiting } from './support/person.ts';

/** What was killed in the middle of its work gets that again after half a minute only: in the long form. */
const killed = isFull ? (['gateway', 'connector', 'webhooks'] as const) : [];
const carlos = '15550000009';
let net: Network;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
	net = await startNetwork({ settings: { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } } });
	receiver = await startReceiver();
});
afterAll(async () => {
	await receiver[Symbol.asyncDispose]();
	await net[Symbol.asyncDispose]();
});

const Profile = z.object({ id: z.string() });
const Added = z.object({ id: z.string(), secret: z.string() });
const Ledger = z.object({ deliveries: z.array(z.unknown()) });

/** Somebody who uses all of it: a device, a group with messages, a webhook that is told of them, a token. */
async function settle(name: string, phone: string) {
	const person = await signUp(net, name);
	const jid = await makeGroup(net, phone, `Group of ${name}`, [carlos]);
	await person.link(phone);
	const { id: webhookId, secret } = Added.parse(
		await person.api('webhooks/add', { url: `${receiver.url}/${name}` }),
	);
	await person.api('groups/star', { jid });
	const token = await person.token();
	for (const text of ['one', 'two', 'three'])
		await simulator(net, '/admin/messages', { from: carlos, to: jid, text: `${text} for ${name}` });
	await person.api('messages/send', { jid, text: `answer of ${name}`, idempotencyKey: 'answer' });
	await untilStored(person, jid, 4);
	const called = await fetch(`${net.url}/api/groups/list-starred`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
	});
	expect(called.status).toBe(200);
	// Webhooks and the audit log take down in their own time what storage has already.
	await vi.waitFor(async () => {
		const { deliveries } = Ledger.parse(await person.api('deliveries/list', { webhookId }));
		expect(deliveries.length).toBeGreaterThan(3);
		expect(await person.api('audit/list')).toMatchObject({ entries: [{ tool: 'list_starred_groups' }] });
	}, waiting);
	const { records } = z
		.object({ records: z.array(Profile) })
		.parse(await person.api('account/export-own', { kind: 'profile' }));
	return { ...person, id: records[0]?.id ?? '', jid, token, secret };
}

type Caller = Pick<Awaited<ReturnType<typeof signUp>>, 'api'>;

async function untilStored(person: Caller, jid: string, count: number): Promise<void> {
	await vi.waitFor(async () => {
		const { messages } = z
			.object({ messages: z.array(z.unknown()) })
			.parse(await person.api('messages/list', { jid }));
		expect(messages).toHaveLength(count);
	}, waiting);
}

const asPerson = (person: { cookie: string }, path: string, body?: unknown) =>
	fetch(`${net.url}${path}`, {
		method: 'POST',
		headers: { cookie: person.cookie, origin: net.url, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});

it('a person downloads all that is kept of them, and no secret', async () => {
	const ana = await settle('ana', '15550000001');
	await settle('stranger', '15550000002');
	const response = await asPerson(ana, '/api/account/export');
	expect(response.status).toBe(200);
	expect(response.headers.get('content-disposition')).toMatch(/filename="chat-manager-[\d-]+\.zip"/);
	const archive = unzipSync(new Uint8Array(await response.arrayBuffer()));
	const files = Object.fromEntries(
		Object.entries(archive).map(([name, bytes]) => [name.replace('.jsonl', ''), strFromU8(bytes)]),
	);
	const records = Object.fromEntries(
		Object.entries(files).map(([name, text]) => [
			name,
			text
				.split('\n')
				.filter((line) => line !== '')
				.map((line): unknown => JSON.parse(line)),
		]),
	);
	const lines = Object.values(records).flat().length;
	expect(Number(response.headers.get('x-total-lines'))).toBe(lines);
	expect(records).toMatchObject({
		profile: [{ name: 'ana', email: ana.email }],
		sessions: [{ address: expect.any(String) }],
		tokens: [{ name: 'Test', scopes: expect.any(Array) }],
		audit: [{ tool: 'list_starred_groups', outcome: 'ok' }],
		device: [{ network: 'simulated', state: 'connected' }],
		groups: [{ jid: ana.jid, name: 'Group of ana', starred: true }],
		members: expect.arrayContaining([expect.objectContaining({ phone: `+${carlos}`, messageCount: 3 })]),
		messages: expect.arrayContaining([
			expect.objectContaining({ group: ana.jid, text: 'two for ana' }),
			expect.objectContaining({ text: 'answer of ana' }),
		]),
		webhooks: [{ url: `${receiver.url}/ana`, status: 'active' }],
	});
	expect(records.messages).toHaveLength(4);
	expect(records.deliveries?.length).toBeGreaterThan(3);
	const all = Object.values(files).join('');
	for (const secret of [ana.token, ana.secret, ana.cookie.split(/[=.]/)[1] ?? '-', 'whsec_', 'stranger'])
		expect(all.includes(secret), secret.slice(0, 8)).toBe(false);
	const byToken = await fetch(`${net.url}/api/account/export`, {
		method: 'POST',
		headers: { authorization: `Bearer ${ana.token}` },
	});
	expect(byToken.status).toBe(403);
	expect((await fetch(`${net.url}/api/account/export`, { method: 'POST' })).status).toBe(401);
});

it('stored messages can be deleted, and what comes then is stored again', async () => {
	const bea = await settle('bea', '15550000003');
	expect(await bea.api('account/delete-messages')).toEqual({ deleted: 4 });
	expect(await bea.api('messages/list', { jid: bea.jid })).toMatchObject({ messages: [] });
	expect(await bea.api('groups/get-starred', { jid: bea.jid })).toMatchObject({ participantCount: 2 });
	expect(await tablesWith(net, bea.id)).not.toContain('chat.messages');
	await simulator(net, '/admin/messages', { from: carlos, to: bea.jid, text: 'afterwards' });
	await untilStored(bea, bea.jid, 1);
	expect(await bea.api('account/delete-messages')).toEqual({ deleted: 1 });
});

it('an account goes from everywhere, whatever dies meanwhile, and nobody else is touched', async () => {
	const dora = await settle('dora', '15550000004');
	const eva = await settle('eva', '15550000005');
	const used = [
		'chat.message_receipts',
		'chat.messages',
		'devices.credentials',
		'identity.audit_entries',
		'identity.people',
		'webhooks.attempts',
	];
	for (const { id } of [dora, eva])
		await vi.waitFor(
			async () => expect(await tablesWith(net, id)).toEqual(expect.arrayContaining(used)),
			waiting,
		);
	// What waits there to be told goes by itself.
	const kept = (await tablesWith(net, eva.id)).filter((table) => table !== 'devices.pending_notices');

	const remove = (body: object) => asPerson(dora, '/api/auth/delete-user', body);
	expect((await remove({ email: eva.email, password: dora.password })).status).toBe(400);
	expect((await remove({ email: dora.email, password: 'not the password' })).status).toBe(401);
	expect(await tablesWith(net, dora.id)).toEqual(expect.arrayContaining(used));

	await net.service('storage').kill();
	expect((await remove({ email: dora.email, password: dora.password })).status).toBe(200);
	for (const name of killed) await net.service(name).kill();
	for (const name of [...killed, 'storage'] as const) await net.service(name).start();
	await vi.waitFor(async () => expect(await tablesWith(net, dora.id)).toEqual(tombstones), {
		timeout: 100_000,
		interval: 200,
	});
	expect(await tablesWith(net, dora.email)).toEqual([]);
	expect(await tablesWith(net, 'dora')).toEqual([]);
	expect(await tablesWith(net, eva.id)).toEqual(expect.arrayContaining(kept));
	expect(await countEvents(dora.id)).toBe(0);
	expect(await countEvents(eva.id)).toBeGreaterThan(0);

	expect((await asPerson(dora, '/api/tokens/list', {})).status).toBe(401);
	const byToken = await fetch(`${net.url}/api/groups/list-starred`, {
		method: 'POST',
		headers: { authorization: `Bearer ${dora.token}` },
	});
	expect(byToken.status).toBe(401);
	await untilStored(eva, eva.jid, 4);
	await eva.connected();
	const again = await signUp(net, 'dora');
	expect(await again.api('groups/list-starred')).toMatchObject({ groups: [] });
	expect((await again.device()).state).toBe('unlinked');
});

/** Only the bare id of an account is left, for some days, so that nothing late is stored of it; see `eraseUser`. */
const tombstones = ['chat.erased_accounts', 'devices.erased_accounts', 'webhooks.erased_accounts'];

async function countEvents(userId: string): Promise<number> {
	await using bus = await connectBus({
		url: net.servers.natsUrl,
		service: 'test',
		log: { debug() {}, info() {}, warn() {}, error() {} },
		user: 'chat-manager',
		password: net.secrets.nats,
	});
	const manager = await bus.nats.jetstreamManager();
	const { state } = await manager.streams.info('EVENTS', { subjects_filter: userEventsFilter(userId) });
	return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
