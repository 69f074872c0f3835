import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	ana,
	bea,
	cleo,
	groupJid,
	joined,
	message,
	moment,
	newMessageId,
	placeholder,
	starred,
	updated,
} from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

let system: System;
beforeAll(async () => {
	system = await startSystem();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const jid = groupJid;
const newUser = () => randomUUID();
const say = (...args: Parameters<typeof message> extends [unknown, ...infer Rest] ? Rest : never) =>
	message(system.connectors, ...args);

async function starredBy(userId: string): Promise<void> {
	await system.publish(starred({ userId, at: moment(0) }));
	await system.settled();
}

async function activity(userId: string) {
	const { members } = await system.client.members.activity({ userId, jid });
	return Object.fromEntries(members.map((member) => [member.jid, member]));
}

describe('a message', () => {
	it('is read as it was written, and is not readable in the database', async () => {
		const userId = newUser();
		await starredBy(userId);
		const first = say({ userId, at: moment(1) }, 'Is the shop open today?');
		const answer = say({ userId, at: moment(2) }, 'Yes.', { sender: cleo, replyTo: first.data.messageId });
		await system.publish(first, answer);
		await system.settled();
		const { messages, nextCursor, coverage } = await system.client.messages.list({ jid }, system.as(userId));
		const plain = { kind: 'text', edited: false, deleted: false, reactions: [], media: null };
		expect(messages).toEqual([
			{
				...plain,
				id: answer.data.messageId,
				sender: { ...cleo, isYou: false },
				sentAt: moment(2),
				text: 'Yes.',
				replyTo: first.data.messageId,
			},
			{
				...plain,
				id: first.data.messageId,
				sender: { ...ana, isYou: false },
				sentAt: moment(1),
				text: 'Is the shop open today?',
				replyTo: null,
			},
		]);
		expect(nextCursor).toBeNull();
		expect(coverage).toEqual({ capturedFrom: moment(0), storing: true, gaps: [] });
		const rows = await system.db.selectFrom('messages').selectAll().where('user_id', '=', userId).execute();
		for (const row of rows) expect(row.content?.toString('latin1')).not.toMatch(/shop|Yes/);
	});

	it('copied into another row does not open there', async () => {
		const userId = newUser();
		await starredBy(userId);
		const [mine, other] = [say({ userId, at: moment(1) }, 'One'), say({ userId, at: moment(2) }, 'Two')];
		await system.publish(mine, other);
		await system.settled();
		const { content } = await system.db
			.selectFrom('messages')
			.select('content')
			.where('message_id', '=', mine.data.messageId)
			.executeTakeFirstOrThrow();
		await system.db
			.updateTable('messages')
			.set({ content })
			.where('message_id', '=', other.data.messageId)
			.execute();
		await expect(system.client.messages.list({ jid }, system.as(userId))).rejects.toMatchObject({
			code: 'internal',
		});
	});

	it('belongs to each of two users in one group, with their own text and counters', async () => {
		const [one, two] = [newUser(), newUser()];
		await Promise.all([starredBy(one), starredBy(two)]);
		const messageId = newMessageId();
		await system.publish(
			say({ userId: one, at: moment(1) }, 'Hello one', { messageId }),
			say({ userId: two, at: moment(1) }, 'Hello two', { messageId }),
			say({ userId: two, at: moment(2) }, 'Again'),
		);
		await system.settled();
		const read = async (userId: string) =>
			(await system.client.messages.list({ jid }, system.as(userId))).messages.map(({ text }) => text);
		expect(await read(one)).toEqual(['Hello one']);
		expect(await read(two)).toEqual(['Again', 'Hello two']);
		expect((await activity(one))[ana.jid]).toMatchObject({ messageCount: 1 });
		expect((await activity(two))[ana.jid]).toMatchObject({ messageCount: 2, lastMessageAt: moment(2) });
	});

	it('with the same id from another author is another message', async () => {
		const userId = newUser();
		await starredBy(userId);
		const messageId = newMessageId();
		await system.publish(
			say({ userId, at: moment(1) }, 'From Ana', { messageId }),
			say({ userId, at: moment(2) }, 'From Bea', { messageId, sender: bea }),
		);
		await system.settled();
		const { messages } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages.map(({ text }) => text)).toEqual(['From Bea', 'From Ana']);
		const { message: found } = await system.client.messages.find({ userId, jid, messageId });
		expect(found.text).toBe('From Bea');
		await expect(system.client.messages.find({ userId, jid, messageId: 'NOSUCH' })).rejects.toMatchObject({
			code: 'message_not_found',
		});
	});

	it('of somebody whose name cannot be stored as it is, is stored', async () => {
		const userId = newUser();
		await starredBy(userId);
		const nul = String.fromCharCode(0);
		await system.publish(
			say({ userId, at: moment(1) }, `a${nul}b`, { sender: { ...cleo, name: `Cl${nul}eo` } }),
			updated({ userId, at: moment(2) }, { name: `Ac${nul}me`, description: nul }),
			joined({ userId, at: moment(3) }, { ...bea, name: `${nul}Bea` }),
		);
		await system.settled();
		const { messages } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages).toMatchObject([{ text: `a${nul}b`, sender: { name: 'Cleo' } }]);
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toMatchObject({
			name: 'Acme',
			pendingChanges: { joined: 1 },
		});
	});

	it('may come before its star', async () => {
		const userId = newUser();
		await system.publish(say({ userId, at: moment(1) }, 'Early', { sender: cleo }));
		await system.settled();
		await expect(system.client.messages.list({ jid }, system.as(userId))).rejects.toMatchObject({
			code: 'group_not_starred',
		});
		await starredBy(userId);
		const { messages } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages).toMatchObject([{ text: 'Early' }]);
		expect(await system.client.groups.getStarred({ jid }, system.as(userId))).toMatchObject({
			participantCount: 2,
		});
		expect((await activity(userId))[cleo.jid]).toMatchObject({ messageCount: 1 });
	});
});

describe('counters', () => {
	it('move once for each message, in one batch, in many, and when the whole stream comes again', async () => {
		const userId = newUser();
		await starredBy(userId);
		const said = Array.from({ length: 450 }, (_, index) =>
			say({ userId, at: moment(index) }, `Message ${index}`, {
				sender: index % 3 === 0 ? { ...bea, name: `Bea ${index}` } : ana,
			}),
		);
		await system.publish(...said, ...said.slice(0, 200));
		await system.settled();
		await system.publish(...said.slice(100, 300));
		await system.settled();
		const expected = {
			[ana.jid]: { jid: ana.jid, name: 'Ana', messageCount: 300, lastMessageAt: moment(449) },
			[bea.jid]: { jid: bea.jid, name: 'Bea 447', messageCount: 150, lastMessageAt: moment(447) },
		};
		expect(await activity(userId)).toEqual(expected);
		const before = await system.record(userId);
		await system.restart(async () => {
			const manager = await system.bus.nats.jetstreamManager();
			await manager.consumers.delete('EVENTS', 'storage');
		});
		await system.settled();
		expect(await activity(userId)).toEqual(expected);
		expect(await system.record(userId)).toEqual(before);
	});
});

describe('a placeholder', () => {
	const orders: [string, (userId: string) => Promise<void>][] = [
		[
			'before the content',
			async (userId) => {
				const messageId = newMessageId();
				await system.publish(placeholder({ userId, at: moment(5) }, { messageId }));
				await system.settled();
				await system.publish(say({ userId, at: moment(5) }, 'Found', { messageId }));
			},
		],
		[
			'after the content',
			async (userId) => {
				const messageId = newMessageId();
				await system.publish(say({ userId, at: moment(5) }, 'Found', { messageId }));
				await system.settled();
				await system.publish(placeholder({ userId, at: moment(5) }, { messageId }));
			},
		],
		[
			'in one batch with it',
			async (userId) => {
				const messageId = newMessageId();
				const empty = placeholder({ userId, at: moment(5) }, { messageId });
				await system.publish(empty, say({ userId, at: moment(5) }, 'Found', { messageId }), empty);
			},
		],
	];

	it.each(orders)('%s gives one message with its text, counted once', async (_order, tell) => {
		const userId = newUser();
		await starredBy(userId);
		await tell(userId);
		await system.settled();
		const { messages, coverage } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages).toMatchObject([{ kind: 'text', text: 'Found' }]);
		expect(coverage.gaps).toEqual([]);
		expect((await activity(userId))[ana.jid]).toMatchObject({ messageCount: 1 });
	});

	it('shows as a gap while it stays empty', async () => {
		const userId = newUser();
		await starredBy(userId);
		await system.publish(
			say({ userId, at: moment(1) }, 'Before'),
			placeholder({ userId, at: moment(2) }, {}),
			placeholder({ userId, at: moment(4) }, { sender: bea }),
			say({ userId, at: moment(5) }, 'After'),
		);
		await system.settled();
		const { messages, coverage } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages.map(({ kind }) => kind)).toEqual(['text', 'undecryptable', 'undecryptable', 'text']);
		expect(coverage.gaps).toEqual([{ from: moment(2), to: moment(4), reason: 'undecryptable' }]);
	});

	it('stands for what can never be opened: the key went with the device, or the content is not what was sealed', async () => {
		const userId = newUser();
		await starredBy(userId);
		const lost = say({ userId, at: moment(1) }, 'Lost');
		system.connectors.forget(userId);
		const moved = say({ userId, at: moment(2) }, 'Moved');
		await system.publish(lost, { ...moved, id: randomUUID() }, say({ userId, at: moment(3) }, 'Fine'));
		await system.settled();
		const { messages } = await system.client.messages.list({ jid }, system.as(userId));
		expect(messages.map(({ kind, text }) => [kind, text])).toEqual([
			['text', 'Fine'],
			['undecryptable', null],
			['undecryptable', null],
		]);
	});
});
