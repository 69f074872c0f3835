import { createClient } from '@chat-manager/bus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { findDevice } from '../src/database/devices.ts';
import { admin } from './support/connector-system.ts';
import { ana, berta, type StarredGroup, startStarredGroup } from './support/starred-group.ts';

/** What people say and do in a starred group, all the way into the record. */
const waiting = { timeout: 30_000, interval: 100 };
let net: StarredGroup['net'];
let person: StarredGroup['person'];
let jid: string;

beforeAll(async () => {
	({ net, person, jid } = await startStarredGroup());
});
afterAll(() => net?.[Symbol.asyncDispose]());

const Devices = z.object({ devices: z.array(z.object({ queueLength: z.number() })) });
const Sent = z.object({ id: z.string() });
const say = async (from: string, content: object | string, to = jid) => {
	const what = typeof content === 'string' ? { text: content } : { content };
	return Sent.parse(await admin(net.system, '/admin/messages', { from, to, ...what })).id;
};
const record = async () => {
	const storage = createClient(net.bus, 'storage');
	return (await storage.messages.list({ jid, limit: 100 }, person.caller())).messages;
};
/** Waits until a message is stored like this. */
const stored = (id: string, expected: object) =>
	vi.waitFor(async () => {
		expect((await record()).find((message) => message.id === id)).toMatchObject(expected);
	}, waiting);
const data = Buffer.from('a file').toString('base64');

const kinds: [content: object, expected: object][] = [
	[
		{ kind: 'text', text: 'Hello' },
		{ kind: 'text', text: 'Hello' },
	],
	[
		{ kind: 'image', data, caption: 'Look', mimetype: 'image/jpeg' },
		{ kind: 'image', text: 'Look', media: { mimeType: 'image/jpeg' } },
	],
	[
		{ kind: 'video', data, mimetype: 'video/mp4' },
		{ kind: 'video', media: { mimeType: 'video/mp4' } },
	],
	[
		{ kind: 'audio', data, voice: true },
		{ kind: 'audio', text: null },
	],
	[
		{ kind: 'document', data, fileName: 'prices.pdf' },
		{ kind: 'document', media: { fileName: 'prices.pdf', sizeBytes: 6 } },
	],
	[
		{ kind: 'location', latitude: 1.5, longitude: 2.5, name: 'Café' },
		{ kind: 'location', text: 'Café\n1.5, 2.5' },
	],
	[
		{ kind: 'contact', name: 'Carla', phone: '15550000003' },
		{ kind: 'contact', text: 'Carla' },
	],
	[
		{ kind: 'poll', question: 'When?', options: ['9', '10'] },
		{ kind: 'poll', text: 'When?\n- 9\n- 10', votes: [] },
	],
];

it.each([
	['somebody else', berta, false],
	['the own phone', ana, true],
])('messages of every kind from %s', async (_who, from, isYou) => {
	const sent: [string, object][] = [];
	for (const [content, expected] of kinds) sent.push([await say(from, content), expected]);
	for (const [id, expected] of sent) await stored(id, { ...expected, sender: { isYou } });
	await vi.waitFor(() => {
		const event = net.events.find(({ type }) => type === (isYou ? 'message.sent' : 'message.received'));
		expect(event).toMatchObject({ groupJid: jid });
	}, waiting);
});

it('answers, mentions, edits, reactions, votes and deletions, by their authors and by an admin', async () => {
	const question = await say(berta, 'Is the shop open?');
	const answer = await say(ana, { kind: 'text', text: 'Yes', replyTo: question, mentions: [berta] });
	await stored(answer, { text: 'Yes', replyTo: question });
	await say(ana, { kind: 'edit', target: answer, text: 'Yes, from nine' });
	await stored(answer, { text: 'Yes, from nine', edited: true, replyTo: question });
	await say(berta, { kind: 'reaction', target: answer, emoji: '👍' });
	await stored(answer, { reactions: [{ emoji: '👍', count: 1 }] });
	await say(berta, { kind: 'reaction', target: answer, emoji: '' });
	await stored(answer, { reactions: [] });
	const poll = await say(berta, { kind: 'poll', question: 'When?', options: ['9', '10'] });
	await stored(poll, { kind: 'poll' });
	await say(ana, { kind: 'vote', target: poll, options: ['10'] });
	await stored(poll, { votes: [{ option: '10', count: 1 }] });
	await say(ana, { kind: 'delete', target: answer });
	await stored(answer, { deleted: true, text: null });
	await say(ana, { kind: 'delete', target: question }); // As an admin.
	await stored(question, { deleted: true, text: null });
});

it('only what is said in starred groups', async () => {
	const other = await net.group(ana, 'Not starred', [berta]);
	await say(berta, 'Not for us', other);
	await say(berta, 'Directly', ana);
	const after = await say(berta, 'After it');
	// It is in the same stream after whatever was told of the others.
	await vi.waitFor(
		() => expect(net.eventsOf('message.received', 'ana').map(({ data }) => data.messageId)).toContain(after),
		waiting,
	);
	const about = net.events.filter(({ type, groupJid }) => type.startsWith('message.') && groupJid !== jid);
	expect(about).toEqual([]);
});

it('what was said and done while the connector was away, with who did it and how (complaint 4)', async () => {
	const [carla, dora] = ['15550000003', '15550000004'] as const;
	for (const phone of [carla, dora]) await net.phone(phone);
	const before = await say(berta, 'Before');
	await stored(before, { text: 'Before' });
	const connector = net.system.service('connector');
	await connector.stop();
	const change = (action: string, phone: string) =>
		admin(net.system, `/admin/groups/${jid}/participants`, { by: ana, action, phones: [phone] });
	await change('add', carla);
	const meanwhile = await say(carla, 'Meanwhile');
	const own = await say(ana, 'From the phone');
	await say(berta, { kind: 'edit', target: before, text: 'Before, edited' });
	await change('add', dora);
	await change('remove', dora);
	await change('promote', carla);
	await connector.start();
	await stored(meanwhile, { text: 'Meanwhile', sender: { phone: `+${carla}` } });
	await stored(own, { text: 'From the phone', sender: { isYou: true } });
	await stored(before, { text: 'Before, edited', edited: true });
	const tell = (type: 'member.joined' | 'member.left' | 'member.promoted') =>
		net.eventsOf(type, 'ana').map(({ data: { member, by } }) => [member.phone, by !== null]);
	await vi.waitFor(() => {
		expect(tell('member.joined')).toEqual([
			[`+${carla}`, true],
			[`+${dora}`, true],
		]);
		expect(tell('member.left')).toEqual([[`+${dora}`, true]]);
		expect(tell('member.promoted')).toEqual([[`+${carla}`, true]]);
	}, waiting);
	expect(net.eventsOf('member.joined', 'ana').map(({ data }) => data.how)).toEqual(['added', 'added']);
});

describe('a message that cannot be decrypted', () => {
	/** As after a lost write: the key of an author's messages is gone. */
	async function loseSenderKeys(): Promise<void> {
		const connector = net.system.service('connector');
		await connector.stop();
		await net.db
			.deleteFrom('signal_keys')
			.where('user_id', '=', 'ana')
			.where('kind', '=', 'sender-key')
			.execute();
		await connector.start();
		await person.connected();
	}
	const queued = async () => {
		const { devices } = Devices.parse(await admin(net.system, '/admin/devices'));
		return devices.reduce((sum, { queueLength }) => sum + queueLength, 0);
	};
	const placeholders = (id: string) =>
		net
			.eventsOf('message.received', 'ana')
			.filter(({ data }) => data.messageId === id && data.kind === 'undecryptable');

	it('is a placeholder, until its author sends it again (complaint 6)', async () => {
		await stored(await say(berta, 'Readable'), { text: 'Readable' });
		await loseSenderKeys();
		const id = await say(berta, 'Secret at first');
		await stored(id, { kind: 'text', text: 'Secret at first' });
		await vi.waitFor(() => expect(placeholders(id)).toHaveLength(1), waiting);
	});

	it('is sent again by the own phone, when its author does not', async () => {
		await loseSenderKeys();
		const match = { tag: 'receipt', type: 'retry' };
		await admin(net.system, '/admin/faults', { kind: 'silence', match, device: ana, count: 99 });
		const id = await say(berta, 'Only the phone knows');
		await vi.waitFor(() => expect(placeholders(id)).toHaveLength(1), waiting);
		const sender = { phone: `+${berta}`, isYou: false };
		await stored(id, { kind: 'text', text: 'Only the phone knows', sender });
		const { coverage } = await createClient(net.bus, 'storage').messages.list({ jid }, person.caller());
		expect(coverage.gaps).toEqual([]);
	});

	it('is asked of the own phone again, when the connector dies before anybody was asked', async () => {
		await loseSenderKeys();
		const id = await say(berta, 'Only the phone knows this too');
		const connector = net.system.service('connector');
		await vi.waitFor(() => expect(placeholders(id)).toHaveLength(1), waiting);
		await vi.waitFor(async () => expect(await queued()).toBe(0), waiting); // WhatsApp was told that it arrived.
		await connector.kill();
		await connector.start();
		await stored(id, { kind: 'text', text: 'Only the phone knows this too' });
		await vi.waitFor(async () => {
			expect(await net.db.selectFrom('unread_messages').selectAll().execute()).toEqual([]);
		}, waiting);
	});
});

it('whom an own message reached, and who read it', async () => {
	const { messageId } = await person.holder.messages.send({ jid, text: 'Read me' }, person.caller());
	const carla = '15550000003';
	await stored(messageId, { delivery: { delivered: 2, read: 0 } });
	await admin(net.system, `/admin/accounts/${carla}/read`, { chat: jid });
	await stored(messageId, { delivery: { delivered: 2, read: 1 } });
});

it('what changed in a group while nothing was linked: that it did, and honestly not by whom', async () => {
	const [carla, emma] = ['15550000003', '15550000005'] as const;
	await net.phone(emma);
	await person.anywhere.devices.unlink({}, person.caller());
	const change = (action: string, phone: string) =>
		admin(net.system, `/admin/groups/${jid}/participants`, { by: ana, action, phones: [phone] });
	await change('remove', carla);
	await change('add', emma);
	await change('promote', berta);
	await admin(net.system, `/admin/groups/${jid}/subject`, { by: ana, subject: 'Help' }, { method: 'PUT' });
	const count = net.events.length;
	await person.link(ana);
	const news = () =>
		net.events.slice(count).flatMap((event): (string | null | undefined)[][] => {
			switch (event.type) {
				case 'member.joined':
				case 'member.left':
					return [[event.type, event.data.member.phone, event.data.by, event.data.how]];
				case 'member.promoted':
				case 'member.demoted':
					return [[event.type, event.data.member.phone, event.data.by]];
				case 'group.updated':
					return [[event.type, event.data.name]];
				default:
					return [];
			}
		});
	const expected = [
		['group.updated', 'Help'],
		['member.joined', `+${emma}`, null, 'unknown'],
		['member.left', `+${carla}`, null, 'unknown'],
		['member.promoted', `+${berta}`, null],
	];
	await vi.waitFor(() => expect(news().sort()).toEqual(expected), waiting);
	// It may be back sooner than anybody looks: what counts is that it connected once more.
	const connectedAtMs = async () => {
		const device = await findDevice(net.db, 'ana');
		return device?.state === 'connected' ? device.updated_at.getTime() : 0;
	};
	const connectedBefore = await connectedAtMs();
	await admin(net.system, '/admin/faults', { kind: 'drop', device: ana });
	await vi.waitFor(async () => expect(await connectedAtMs()).toBeGreaterThan(connectedBefore), waiting);
	await change('remove', emma);
	await vi.waitFor(() => expect(news()).toHaveLength(5), waiting);
	expect(news().at(-1)).toEqual(['member.left', `+${emma}`, expect.any(String), 'removed']);
});
