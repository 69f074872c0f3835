import type { Person as Member, Message } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { callTool, rpc, type ToolResult } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { createToken, type Person, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** However much there is, an answer stays below 20,000 characters, says what it left out, and leads to the rest. */

const jid = '120363025246125486@g.us';
const at = '2026-11-22T09:00:00.000Z';
const most = 20_000;
let world: World;
let gateway: Gateway;
let person: Person;
let token: string;
/** How long each text is. */
let textLength = 20;
const total = { messages: 500, groups: 250, participants: 450, changes: 400 };

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway({ CM_RATE_LIMIT_BURST: '10000' });
	await untilReady(gateway);
	person = await signUp(world, gateway);
	await startPeer(world, 'storage', {
		'messages.list': ({ limit, before }) => {
			const begin = before === undefined ? 0 : Number(before);
			const messages = range(begin, Math.min(total.messages, begin + Number(limit))).map(messageOf);
			const end = begin + messages.length;
			return {
				messages,
				nextCursor: end < total.messages ? String(end) : null,
				coverage: { capturedFrom: at, storing: true, gaps: [] },
			};
		},
		'groups.listStarred': ({ cursor }) => {
			const begin = cursor === undefined ? 0 : Number(cursor);
			const groups = range(begin, Math.min(total.groups, begin + 100)).map((index) => ({
				jid: `1203630252461${String(index).padStart(5, '0')}@g.us`,
				name: `Group ${index} ${'x'.repeat(textLength)}`,
				participantCount: index,
				joinedSinceLastVisit: 1,
				leftSinceLastVisit: 2,
			}));
			const end = begin + groups.length;
			return { groups, nextCursor: end < total.groups ? String(end) : null };
		},
		'members.changes': () => ({
			since: at,
			joined: range(0, total.changes).map((index) => ({ ...memberOf(index), at, by: null, how: 'added' })),
			left: range(0, 3).map((index) => ({ ...memberOf(index), at, by: null, how: 'left' })),
		}),
	});
	await startPeer(
		world,
		'connector',
		{
			'members.list': ({ cursor }) => {
				const begin = cursor === undefined ? 0 : Number(cursor);
				const participants = range(begin, Math.min(total.participants, begin + 200)).map((index) => ({
					...memberOf(index),
					role: 'member',
					lastMessageAt: at,
					messageCount: index,
				}));
				const end = begin + participants.length;
				return { participants, nextCursor: end < total.participants ? String(end) : null, live: true };
			},
		},
		person.id,
	);
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function memberOf(index: number): z.input<typeof Member> {
	return {
		jid: `9876543210${String(index).padStart(4, '0')}@lid`,
		name: `Member ${index}`,
		phone: `+1555${String(index).padStart(7, '0')}`,
	};
}

function messageOf(index: number): z.input<typeof Message> {
	return {
		id: `3EB0${index}`,
		sender: { ...memberOf(index), isYou: false },
		sentAt: at,
		kind: 'text',
		text: `"${index}" ${'y'.repeat(textLength)}`,
		replyTo: null,
		edited: false,
		deleted: false,
		reactions: [],
		media: null,
	};
}

type Paged = { [list: string]: unknown } & { nextCursor: string | null };

async function walk(
	name: string,
	input: Record<string, unknown>,
	list: string,
	id: string,
	cursorName: string,
) {
	const seen: string[] = [];
	let cursor: string | null = null;
	let pages = 0;
	do {
		const result: ToolResult = await callTool(gateway, token, name, {
			...input,
			...(cursor === null ? {} : { [cursorName]: cursor }),
		});
		expect(result.isError, JSON.stringify(result).slice(0, 300)).toBeUndefined();
		expect(JSON.stringify(result).length).toBeLessThan(most);
		const page = result.structuredContent as Paged;
		const items = page[list] as Record<string, string>[];
		expect(items.length).toBeGreaterThan(0);
		seen.push(...items.map((item) => String(item[id])));
		cursor = page.nextCursor;
		if (cursor !== null) expect(result.content[0]?.text).toContain(cursor);
		expect(++pages).toBeLessThan(600);
	} while (cursor !== null);
	return { seen, pages };
}

describe.each([10, 400, 3_900])('with texts of %i characters', (length) => {
	it('every message is met once, page after page', async () => {
		textLength = length;
		const { seen } = await walk('get_group_messages', { jid, limit: 100 }, 'messages', 'id', 'before');
		expect(seen).toEqual(range(0, total.messages).map((index) => `3EB0${index}`));
	});
});

it('a cut text says that it was cut', async () => {
	textLength = 60_000;
	const result = await callTool(gateway, token, 'get_group_messages', { jid, limit: 1 });
	expect(JSON.stringify(result.structuredContent)).toMatch(/\[cut here: 60004 characters in all\]/);
});

it('a page that fits is as long as asked for, and says nothing of fitting', async () => {
	textLength = 10;
	const result = await callTool(gateway, token, 'get_group_messages', { jid });
	expect(result.structuredContent?.messages).toHaveLength(25);
	expect(result.content[0]?.text).not.toContain('fit into one answer');
	const cut = await callTool(gateway, token, 'get_group_messages', { jid, limit: 100 });
	expect(cut.content[0]?.text).toMatch(/Only \d+ fit into one answer: call again with nextCursor/);
});

it('every group and every member is met once', async () => {
	textLength = 60;
	const groups = await walk('list_starred_groups', {}, 'groups', 'jid', 'cursor');
	expect(new Set(groups.seen).size).toBe(total.groups);
	expect(groups.seen).toHaveLength(total.groups);
	const members = await walk('list_group_participants', { jid }, 'participants', 'jid', 'cursor');
	expect(members.seen).toEqual(range(0, total.participants).map((index) => memberOf(index).jid));
});

it('what has no pages counts what it left out', async () => {
	const result = await callTool(gateway, token, 'get_membership_changes', { jid });
	expect(JSON.stringify(result).length).toBeLessThan(most);
	const { joined, left, omitted } = result.structuredContent as {
		joined: unknown[];
		left: unknown[];
		omitted: { joined: number; left: number };
	};
	expect(left).toHaveLength(3);
	expect(joined.length).toBeGreaterThan(20);
	expect(omitted).toEqual({ joined: total.changes - joined.length, left: 0 });
	expect(result.content[0]?.text).toContain(`${omitted.joined} more joined`);
});

it('a resource is no longer either', async () => {
	textLength = 60_000;
	for (const view of ['', '/messages', '/changes']) {
		const { text } = await rpc(gateway, token, 'resources/read', {
			uri: `chat-manager://groups/${jid}${view}`,
		});
		expect(text.length, view).toBeLessThan(most + 500);
	}
});
