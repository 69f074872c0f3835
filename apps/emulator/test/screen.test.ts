import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { link } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000221';
const V = '15550000222';
const W = '15550000223';

/** What a phone shows of what a real client does; how the page draws it is told in phone-page.test.ts. */
describe('the screen of a phone', () => {
	let world: World;
	let a: Client;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		const { emulator } = world;
		emulator.accounts.create({ phone: V, pushName: 'Vera' });
		emulator.accounts.create({ phone: W, pushName: 'Willi' });
		a = (await link(emulator, world.clients, A, { url: emulator.secureUrl })).client;
		group = emulator.groups.create({ by: V, subject: 'Screen', participants: [A, W] }).id;
		await a.until((one) => one.of('groups.upsert')[0], 'the group');
	});
	afterAll(() => world[Symbol.asyncDispose]());

	const open = (phone = V, chat = group) => world.emulator.screen.show({ phone, chat }).phone?.open;
	const bubble = (id: string | null | undefined, phone = V, chat = group) =>
		open(phone, chat)?.bubbles.find((one) => one.id === id);
	const until = <Answer>(condition: () => Answer) => world.emulator.waitFor(condition);

	it('shows reactions, edits and deletions of a client on its own messages', async () => {
		const { key } = await a.send(group, 'frist');
		await until(() => bubble(key.id));
		expect(bubble(key.id)).toMatchObject({ kind: 'text', text: 'frist', own: false, edited: false });
		await a.post(group, { text: 'first', edit: key });
		await until(() => bubble(key.id)?.edited);
		expect(bubble(key.id)?.text).toBe('first');
		await a.post(group, { react: { text: '🎉', key } });
		await until(() => bubble(key.id)?.reactions[0]?.emoji === '🎉');
		expect(bubble(key.id)?.reactions[0]?.by).toMatchObject([{ phone: A }]);
		await a.post(group, { react: { text: '', key } });
		await until(() => bubble(key.id)?.reactions.length === 0);
		await a.post(group, { delete: key });
		await until(() => bubble(key.id)?.deleted);
		expect(bubble(key.id)).toMatchObject({ text: '', reactions: [] });
		expect(world.emulator.screen.show({ phone: V }).phone?.chats[0]?.last?.text).toBe('Deleted');
	});

	it('takes no change from someone who may not make it', async () => {
		const { id } = await world.emulator.phones.send(V, group, 'of Vera');
		const { message } = await a.until(({ texts }) => texts('of Vera')[0], 'the message');
		const { key } = await a.post(group, { delete: message.key });
		await until(() => world.emulator.phones.read(W, group).some((one) => one.id === key.id));
		expect(bubble(id, W)).toMatchObject({ text: 'of Vera', deleted: false });
		world.emulator.groups.changeParticipants(group, V, 'promote', [A]);
		await until(() => bubble(id, W)?.deleted);
	});

	it('counts the votes in a client’s poll, the last one of each person', async () => {
		const poll = { name: 'Pizza?', values: ['yes', 'no'], selectableCount: 1 };
		const { key } = await a.post(group, { poll });
		await until(() => bubble(key.id, V) && bubble(key.id, W));
		const target = key.id ?? '';
		await world.emulator.phones.send(V, group, { kind: 'vote', target, options: ['yes'] });
		await world.emulator.phones.send(W, group, { kind: 'vote', target, options: ['yes'] });
		await world.emulator.phones.send(W, group, { kind: 'vote', target, options: ['no'] });
		await until(() => bubble(target, W)?.poll?.mine[0] === 'no');
		await world.emulator.phones.settled();
		const counted = bubble(target, V)?.poll?.options.map(({ name, voters }) => [
			name,
			voters.map(({ name: who }) => who),
		]);
		expect(counted).toEqual([
			['yes', ['Vera']],
			['no', ['Willi']],
		]);
	});

	it('says how far a message has come: delivered, then read by all', async () => {
		const { id } = await world.emulator.phones.send(V, group, 'how far?');
		await until(() => bubble(id)?.receipt === 'delivered');
		world.emulator.phones.markRead(W, group);
		const { message } = await a.until(({ texts }) => texts('how far?')[0], 'the message');
		expect(bubble(id)?.receipt).toBe('delivered');
		await a.call('readMessages', [message.key]);
		await until(() => bubble(id)?.receipt === 'read');
	});

	it('shows files, places, contacts and replies, in groups and directly', async () => {
		const jid = `${V}@s.whatsapp.net`;
		const file = await a.post(jid, {
			document: Buffer.from('text'),
			mimetype: 'text/plain',
			fileName: 'a.txt',
		});
		await until(() => bubble(file.key.id, V, A));
		expect(bubble(file.key.id, V, A)?.file).toEqual({ mimetype: 'text/plain', name: 'a.txt', bytes: 4 });
		const place = await a.post(jid, { location: { degreesLatitude: 1, degreesLongitude: 2 } });
		await until(() => bubble(place.key.id, V, A)?.place?.latitude === 1);
		const answer = await world.emulator.phones.send(V, A, {
			kind: 'text',
			text: 'got it',
			replyTo: file.key.id ?? '',
		});
		expect(bubble(answer.id, V, A)?.replyTo).toMatchObject({ id: file.key.id });
		expect(open(V, A)).toMatchObject({ group: false, members: [] });
	});

	it('says why one cannot write', async () => {
		const other = world.emulator.groups.create({ by: W, subject: 'Short', participants: [V] }).id;
		await world.emulator.phones.send(W, other, 'hello');
		await world.emulator.phones.settled();
		world.emulator.groups.setSetting(other, W, 'announcement');
		expect(open(V, other)?.closed).toBe('Only admins may write here.');
		world.emulator.groups.leave(other, V);
		expect(open(V, other)).toMatchObject({ closed: 'Not a member of this group.', members: [] });
		expect(open(V, other)?.inviteCode).toBeUndefined();
		expect(world.emulator.screen.show({ phone: V }).phone?.otherGroups).toMatchObject([
			{ id: other, size: 1 },
		]);
		world.emulator.groups.end(other);
		expect(open(V, other)?.closed).toBe('The group is gone.');
	});

	it('comes again after every change, over the admin API', async () => {
		const response = await fetch(`${world.emulator.adminUrl}/screen/live?phone=${W}&chat=${group}`);
		expect(response.headers.get('content-type')).toContain('text/event-stream');
		const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
		let seen = '';
		const reads = async (text: string) => {
			while (!seen.includes(text)) {
				const { done, value } = await reader.read();
				if (done) throw new Error(`The stream has ended before it said ${text}.`);
				seen += value;
			}
		};
		await reads('"phone":');
		expect(seen).toMatch(/^retry: 1000\n\ndata: \{/);
		await world.emulator.phones.send(V, group, 'live at last');
		await reads('live at last');
		await reader.cancel();
	});
});
