import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FaultInput } from '../src/index.ts';
import type { Client } from './support/clients.ts';
import { type LinkedClient, link, opened } from './support/link.ts';
import type { Settings } from './support/protocol.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000051';
const V = '15550000052';

describe('faults', () => {
	let world: World;
	let group: string;
	let a: LinkedClient;
	let authPath: string;
	beforeAll(async () => {
		world = await createWorld();
		authPath = `${world.folder}/a.json`;
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		a = await link(world.emulator, world.clients, A, { authPath });
		group = (await a.client.call('groupCreate', 'Faults', [`${V}@s.whatsapp.net`])).id;
		await a.client.send(group, 'first');
		await world.emulator.waitFor(() => world.emulator.phones.read(V, group).length === 1);
	});
	beforeEach(async () => {
		// A test that failed with the connection used up leaves the others theirs.
		if (a.client.connections().at(-1)?.connection === 'close') await reopened();
	});
	afterEach(() => world.emulator.faults.clear());
	afterAll(() => world[Symbol.asyncDispose]());

	/** A client whose connection a test has used up comes back with the same keys. */
	async function reopened(settings: Settings = {}): Promise<Client> {
		const { url } = world.emulator;
		const client = await world.clients.open(`again-${++count}`, { url, authPath, settings });
		await opened(client);
		a = { ...a, client };
		return client;
	}
	const add = (fault: FaultInput) => world.emulator.faults.add(fault);
	const queued = () => world.emulator.devices.queue(a.linked.jid);
	const closed = (client: Client, code: number) =>
		client.until(({ connections }) => connections().find((update) => update.code === code), `close ${code}`);

	describe('of queries', () => {
		it.each([400, 403, 404, 409, 429, 500, 503])('answer with %i', async (code) => {
			add({ kind: 'error', match: { xmlns: 'w:g2', type: 'get', child: 'query' }, code });
			await expect(a.client.call('groupMetadata', group)).rejects.toMatchObject({ code });
			expect((await a.client.call('groupMetadata', group)).subject).toBe('Faults');
		});

		it('answer with a text of their own, so many times', async () => {
			const limit = { kind: 'error', match: { xmlns: 'w:g2' }, code: 429 } as const;
			const fault = add({ ...limit, text: 'slow-down', count: 2, skip: 1 });
			expect((await a.client.call('groupMetadata', group)).subject).toBe('Faults');
			await expect(a.client.call('groupMetadata', group)).rejects.toThrow('slow-down');
			await expect(a.client.call('groupInviteCode', group)).rejects.toThrow('slow-down');
			expect(await a.client.call('groupInviteCode', group)).toBeTypeOf('string');
			expect(world.emulator.faults.list()).toMatchObject([{ id: fault.id, hits: 2, spent: true }]);
		});

		it('answer with 429 for a while, however often they are asked, and no longer', async () => {
			const limit = { kind: 'error', match: { xmlns: 'w:g2' }, code: 429 } as const;
			const { id } = add({ ...limit, forMs: 3_600_000 });
			for (let again = 0; again < 3; again++)
				await expect(a.client.call('groupMetadata', group)).rejects.toMatchObject({ code: 429 });
			expect(world.emulator.faults.list()).toMatchObject([{ id, hits: 3, spent: false }]);
			world.emulator.faults.remove(id);
			add({ ...limit, forMs: 50 });
			await world.emulator.waitFor(() => world.emulator.faults.list()[0]?.spent);
			expect((await a.client.call('groupMetadata', group)).subject).toBe('Faults');
		});

		it('stay unanswered, which Baileys takes for success', async () => {
			const { emulator } = world;
			const client = await reopened({ defaultQueryTimeoutMs: 1500 });
			const match = { xmlns: 'w:g2', child: 'subject' };
			add({ kind: 'silence', match });
			expect(await client.call('groupUpdateSubject', group, 'Never')).toBeUndefined();
			await emulator.waitFor(() => emulator.faults.list()[0]?.spent);
			expect(emulator.groups.get(group)?.subject).toBe('Faults');
			add({ kind: 'silence', match, handled: true });
			await client.call('groupUpdateSubject', group, 'Done all the same');
			await emulator.waitFor(() => emulator.groups.get(group)?.subject === 'Done all the same');
			await reopened();
		});

		it('are answered late', async () => {
			// So that the time has not passed before the other query is there.
			vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
			onTestFinished(() => void vi.useRealTimers());
			add({ kind: 'delay', match: { xmlns: 'w:g2', child: 'invite' }, delayMs: 300 });
			const late = a.client.call('groupInviteCode', group);
			await world.emulator.waitFor(() => world.emulator.faults.list()[0]?.spent);
			vi.advanceTimersByTime(299);
			expect((await a.client.call('groupMetadata', group)).id).toBe(group);
			expect(await Promise.race([late, Promise.resolve('not yet')])).toBe('not yet');
			vi.advanceTimersByTime(1);
			expect(await late).toBe(world.emulator.groups.get(group)?.inviteCode);
		});

		it('concern one device only, when that is asked for', async () => {
			add({ kind: 'error', match: { xmlns: 'w:g2' }, code: 503, device: V });
			expect((await a.client.call('groupMetadata', group)).id).toBe(group);
			add({ kind: 'error', match: { xmlns: 'w:g2' }, code: 503, device: a.linked.jid });
			await expect(a.client.call('groupMetadata', group)).rejects.toMatchObject({ code: 503 });
		});
	});

	describe('of connections', () => {
		it.each([
			['before', undefined],
			['after', 'cut after'],
		] as const)('cut them %s a query is handled', async (moment, subject) => {
			const before = world.emulator.groups.get(group)?.subject;
			add({ kind: 'drop', match: { xmlns: 'w:g2', child: 'subject' }, moment });
			await expect(a.client.call('groupUpdateSubject', group, 'cut after')).rejects.toThrow();
			await closed(a.client, 428);
			expect(world.emulator.groups.get(group)?.subject).toBe(subject ?? before);
			await reopened();
		});

		it('cut them at something that is sent, which comes again', async () => {
			add({ kind: 'drop', match: { tag: 'message' }, direction: 'sent', moment: 'before' });
			await world.emulator.phones.send(V, group, 'cut off');
			await closed(a.client, 428);
			const client = await reopened();
			await client.until(({ texts }) => texts('cut off')[0], 'the message at last');
		});

		it('cut them at once', async () => {
			add({ kind: 'drop', device: A });
			await closed(a.client, 428);
			await reopened();
		});

		it.each([401, 403, 440, 500, 503])('end them with stream error %i', async (code) => {
			add({ kind: 'stream-error', code });
			await closed(a.client, code);
			await reopened();
		});

		it('end them with 515 at a query, and the client comes back', async () => {
			a.client.clear();
			add({ kind: 'stream-error', match: { xmlns: 'w:g2' }, code: 515 });
			await expect(a.client.call('query', askingFor(group), 300)).rejects.toThrow();
			await closed(a.client, 515);
			await opened(a.client);
			expect((await a.client.call('groupMetadata', group)).id).toBe(group);
		});

		it.each([401, 403, 405, 409, 411, 429, 503])('turn logins away with %i', async (code) => {
			await a.client.end();
			add({ kind: 'login-failure', code });
			const turned = await world.clients.open(`turned-${code}`, { url: world.emulator.url, authPath });
			await closed(turned, code);
			await reopened();
		});

		it('freeze the server: it accepts, says nothing, and goes on later', async () => {
			const { id } = add({ kind: 'freeze' });
			await expect(a.client.call('query', askingFor(group), 300)).rejects.toThrow('Timed Out');
			const { url } = world.emulator;
			const late = await world.clients.open('late', { url, settings: { connectTimeoutMs: 400 } });
			await closed(late, 408);
			const patient = await world.clients.open('patient', { url });
			const slow = a.client.send(group, 'into the ice');
			world.emulator.faults.remove(id);
			await slow;
			await patient.until(({ connections }) => connections().find(({ qr }) => qr), 'a QR code');
			const texts = () => world.emulator.phones.read(V, group).map(({ text }) => text);
			await world.emulator.waitFor(() => texts().includes('into the ice'));
			expect(await a.client.call('groupInviteCode', group)).toBeTypeOf('string');
		});

		it('restart the server, which keeps its state', async () => {
			const before = world.emulator.groups.get(group);
			// Once more where it was back before anybody asked.
			for (let refused = 0; refused === 0; ) {
				add({ kind: 'restart', downMs: 200 });
				await closed(a.client, 428);
				refused = await reopenedSoon();
			}
			expect(world.emulator.groups.get(group)).toEqual(before);
			await world.emulator.phones.send(V, group, 'after the restart');
			await a.client.until(({ texts }) => texts('after the restart')[0], 'a message after the restart');
		});

		/** Tries again and again, as clients do. Resolves with the number of times that nobody was there. */
		async function reopenedSoon(): Promise<number> {
			const url = world.emulator.url;
			for (let refused = 0; ; refused++) {
				const client = await world.clients.open(`soon-${++count}`, { url, authPath });
				const end = await client.until(
					({ connections }) => connections().find(({ connection }) => connection !== 'connecting'),
					'a connection, or none',
				);
				if (end.connection === 'close') continue;
				a = { ...a, client };
				await opened(client);
				return refused;
			}
		}
	});

	describe('of messages', () => {
		/** Baileys tells of it in an update, or in the message itself when that has not been emitted yet. */
		const refused = (client: Client, id: string | null | undefined) =>
			client.until((one) => {
				const updates = one.of('messages.update').flat();
				const messages = one.upserts().flatMap((upsert) => upsert.messages);
				const found = [...updates, ...messages].filter(({ key }) => key.id === id);
				return found.map((item) => item.update ?? item).find((item) => item.messageStubParameters);
			}, 'the refusal');

		it.each([463, 479, 500])('refuse them with %i', async (code) => {
			add({ kind: 'error', match: { tag: 'message' }, code });
			const { key } = await a.client.send(group, `refused ${code}`);
			expect((await refused(a.client, key.id)).messageStubParameters[0]).toBe(String(code));
			expect(world.emulator.phones.read(V, group).some(({ text }) => text === `refused ${code}`)).toBe(false);
		});

		it('never acknowledge them', async () => {
			add({ kind: 'silence', match: { tag: 'message' }, handled: true });
			a.client.clear();
			const { key } = await a.client.send(group, 'no ack');
			await world.emulator.waitFor(() =>
				world.emulator.phones.read(V, group).some(({ text }) => text === 'no ack'),
			);
			await a.client.call('groupMetadata', group);
			expect(a.client.of('messages.update').flat()).not.toContainEqual(
				expect.objectContaining({ update: { status: 2 }, key: expect.objectContaining({ id: key.id }) }),
			);
		});

		it('send them twice', async () => {
			add({ kind: 'duplicate', match: { tag: 'message' } });
			const { id } = await world.emulator.phones.send(V, group, 'twice');
			await a.client.until((client) => client.arrivals().filter((one) => one === id).length > 1, 'both');
			await a.client.until(({ texts }) => texts('twice')[0], 'the message');
		});

		// Baileys cannot read a message that was overtaken at first, since the keys it skipped do not survive its own store
		// ("Expected Buffer instead of: Object"). It shows a placeholder (type 2) and asks for the message again.
		it('send them in another order', async () => {
			add({ kind: 'reorder', match: { tag: 'message' } });
			const first = await world.emulator.phones.send(V, group, 'overtaken');
			const second = await world.emulator.phones.send(V, group, 'overtakes');
			await a.client.until(({ texts }) => texts('overtaken')[0] && texts('overtakes')[0], 'both');
			const order = a.client.arrivals().filter((id) => id === first.id || id === second.id);
			expect([...new Set(order)]).toEqual([second.id, first.id]);
		});

		it('lose them until the next login', async () => {
			add({ kind: 'lose', match: { tag: 'message' } });
			const { id } = await world.emulator.phones.send(V, group, 'lost');
			await world.emulator.phones.send(V, group, 'not lost');
			await a.client.until(({ texts }) => texts('not lost')[0], 'the other message');
			expect(a.client.texts('lost')).toEqual([]);
			await world.emulator.waitFor(() => queued().length === 1);
			await a.client.end();
			const client = await reopened();
			expect(client.arrivals()[0]).toBe(id);
			await client.until(({ texts }) => texts('lost')[0], 'it at last');
		});

		it('forget what a client has acknowledged, so that it comes again', async () => {
			// Else it would be a receipt for a message of before.
			await world.emulator.waitFor(() => queued().length === 0);
			add({ kind: 'silence', match: { tag: 'receipt' } });
			await world.emulator.phones.send(V, group, 'again and again');
			await a.client.until(({ texts }) => texts('again and again')[0], 'the message');
			await world.emulator.waitFor(() => world.emulator.faults.list()[0]?.spent);
			expect(queued()).toHaveLength(1);
			await a.client.end();
			const client = await reopened();
			await client.until((one) => one.arrivals().length > 0, 'the same message again');
			await world.emulator.waitFor(() => queued().length === 0);
		});
	});

	it('set the clock wrong', async () => {
		const { id } = add({ kind: 'clock', offsetMs: 86_400_000 });
		await world.emulator.phones.send(V, group, 'from tomorrow');
		const { message } = await a.client.until(({ texts }) => texts('from tomorrow')[0], 'the message');
		expect(Number(message.messageTimestamp)).toBeGreaterThan(Date.now() / 1000 + 80_000);
		world.emulator.faults.remove(id);
		await world.emulator.phones.send(V, group, 'from today');
		const today = await a.client.until(({ texts }) => texts('from today')[0], 'the message');
		expect(Number(today.message.messageTimestamp)).toBeLessThan(Date.now() / 1000 + 80_000);
	});
});

let count = 0;
/** A query with a patience of its own, for when no answer comes. */
const askingFor = (group: string) => ({
	tag: 'iq',
	attrs: { to: group, type: 'get', xmlns: 'w:g2' },
	content: [{ tag: 'invite', attrs: {} }],
});
