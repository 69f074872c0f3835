import { tools } from '@chat-manager/contracts';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callTool, type ToolResult } from './support/mcp.ts';
import { modernRpc } from './support/modern.ts';
import { type Answers, startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** What a person is asked before it happens, who is asked, and what does not count as their word. */

const jid = '120363025246125486@g.us';
let world: World;
let gateway: Gateway;
let second: Gateway;
let person: Person;
let stranger: Person;
/** What reached the services: tool → how often. */
const done = new Map<string, number>();
let memberCount = 12;

beforeAll(async () => {
	world = await startWorld();
	[gateway, second] = await Promise.all([
		world.startGateway({ CM_RATE_LIMIT_BURST: '1000' }),
		world.startGateway({ CM_RATE_LIMIT_BURST: '1000' }),
	]);
	await Promise.all([untilReady(gateway), untilReady(second)]);
	person = await signUp(world, gateway);
	stranger = await signUp(world, gateway);
	const counting: Answers = Object.fromEntries(
		tools.map(({ name, entry }): [string, Answers[string]] => [
			`${entry.domain}.${entry.verb}`,
			() => {
				done.set(name, (done.get(name) ?? 0) + 1);
				if (name !== 'get_starred_group') return undefined;
				return {
					...entry.operation.example.output,
					name: 'Acme\u202E Support',
					participantCount: memberCount,
				};
			},
		]),
	);
	await startPeer(world, 'storage', counting);
	await startPeer(world, 'webhooks', counting);
	await startPeer(world, 'connector', counting, person.id);
	await startPeer(world, 'connector', counting, stranger.id);
});
beforeEach(() => {
	done.clear();
	memberCount = 12;
});
afterAll(async () => await world[Symbol.asyncDispose]());

const asking = { elicitation: { form: {} } };
const destructive: [string, Record<string, unknown>, RegExp][] = [
	['remove_group_members', { jid, members: ['+15551234567'] }, /Remove these people .*\+15551234567.*Acme/],
	['get_group_invite_link', { jid, reset: true }, /new invite link.*Acme/],
	['unstar_group', { jid }, /Remove the star.*Acme/],
	['delete_webhook', { id: 'whk_1' }, /Delete the webhook whk_1/],
];
const send: [string, Record<string, unknown>] = ['send_group_message', { jid, text: 'Hello everybody' }];

type Question = {
	resultType?: string;
	inputRequests?: Record<string, { params: { message: string } }>;
	requestState?: string;
};

async function call(
	token: string,
	[name, args]: readonly [string, Record<string, unknown>, ...unknown[]],
	more: Record<string, unknown> = {},
	to: Gateway = gateway,
): Promise<ToolResult & Question> {
	const { body, text } = await modernRpc(to, token, {
		method: 'tools/call',
		params: { name, arguments: args, ...more },
		capabilities: asking,
	});
	expect(body.result ?? body.error, text).toBeDefined();
	return (body.result ?? { isError: true, content: [{ type: 'text', text }] }) as ToolResult & Question;
}

const yes = (state: string | undefined) => ({
	requestState: state,
	inputResponses: { confirmation: { action: 'accept', content: { confirm: true } } },
});
const tokenOf = async (input: Record<string, unknown> = {}, whose = person) =>
	(await createToken(world, gateway, whose, input)).token;

describe('where the client can ask', () => {
	it.each(destructive)('%s is asked for, in words that a person understands', async (...what) => {
		const token = await tokenOf();
		const asked = await call(token, what);
		expect(asked.resultType).toBe('input_required');
		const message = asked.inputRequests?.confirmation?.params.message ?? '';
		expect(message).toMatch(what[2]);
		// The group's name was written by others: nothing in it is hidden, nothing leaves its quotes.
		if (message.includes('Acme')) expect(message).toContain('“Acme⟨U+202E⟩ Support”, 12 members');
		expect(done.get(what[0])).toBeUndefined();
		const answered = await call(token, what, yes(asked.requestState));
		expect(answered.isError, JSON.stringify(answered)).toBeUndefined();
		expect(done.get(what[0])).toBe(1);
	});

	it('a link that is only looked at is not asked for', async () => {
		const result = await call(await tokenOf(), ['get_group_invite_link', { jid }]);
		expect(result.structuredContent).toBeDefined();
	});

	it('a no is a no', async () => {
		const token = await tokenOf();
		const { requestState } = await call(token, destructive[2] ?? send);
		for (const response of [
			{ action: 'decline' },
			{ action: 'cancel' },
			{ action: 'accept', content: { confirm: false } },
			{ action: 'accept' },
		]) {
			const result = await call(token, destructive[2] ?? send, {
				requestState,
				inputResponses: { confirmation: response },
			});
			expect(result.isError).toBe(true);
			expect(result.content[0]?.text).toMatch(/^confirmation_needed: .*said no/);
		}
		expect(done.get('unstar_group')).toBeUndefined();
	});

	it('a yes counts for this call, by this token, once, on whichever replica, and not for ever', async () => {
		const token = await tokenOf();
		const [, , [tool, args] = send] = destructive;
		const { requestState } = await call(token, [tool, args]);
		const others: [string, [string, Record<string, unknown>]][] = [
			[token, [tool, { jid: '120363025246125487@g.us' }]],
			[token, ['remove_group_members', { jid, members: ['+15551234567'] }]],
			[await tokenOf(), [tool, args]],
			[await tokenOf({}, stranger), [tool, args]],
		];
		for (const [other, what] of others)
			expect((await call(other, what, yes(requestState))).resultType).toBe('input_required');
		const changed = `${requestState?.slice(0, -2)}${requestState?.at(-2) === 'A' ? 'B' : 'A'}${requestState?.at(-1)}`;
		expect((await call(token, [tool, args], yes(changed))).isError).toBe(true);
		expect((await call(token, [tool, args], yes('nothing'))).isError).toBe(true);
		expect(done.get(tool)).toBeUndefined();
		const used = await Promise.all(
			[gateway, second, gateway, second].map((to) => call(token, [tool, args], yes(requestState), to)),
		);
		expect(used.filter(({ resultType }) => resultType === 'complete')).toHaveLength(1);
		expect(done.get(tool)).toBe(1);
	});

	it('an answer without the question that it answers is none', async () => {
		const [, , what = [...send, /x/]] = destructive;
		const result = await call(await tokenOf(), what, yes(undefined));
		expect(result.resultType).toBe('input_required');
		expect(done.get('unstar_group')).toBeUndefined();
	});

	it('a client of the SDK asks its person and goes on by itself', async () => {
		const asked: string[] = [];
		const client = new Client(
			{ name: 'test', version: '1.0.0' },
			{ versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { elicitation: { form: {} } } },
		);
		client.setRequestHandler('elicitation/create', ({ params }) => {
			asked.push(params.message);
			return { action: 'accept', content: { confirm: true } };
		});
		const requestInit = { headers: bearer(await tokenOf()) };
		await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit }));
		const result = await client.callTool({ name: 'unstar_group', arguments: { jid } });
		expect(result.structuredContent).toMatchObject({ jid, starred: false });
		expect(asked).toHaveLength(1);
		await client.close();
	});
});

describe('a message to many', () => {
	it('is asked for above the size that the token sets, and says how many it reaches', async () => {
		const token = await tokenOf({ confirmAboveMembers: 50 });
		memberCount = 50;
		expect((await call(token, send)).resultType).toBe('complete');
		memberCount = 51;
		const asked = await call(token, send);
		expect(asked.inputRequests?.confirmation?.params.message).toMatch(/to 51 people: “Hello everybody”/);
		expect(done.get('send_group_message')).toBe(1);
		expect((await call(token, send, yes(asked.requestState))).resultType).toBe('complete');
		expect(done.get('send_group_message')).toBe(2);
	});
});

describe('where the client cannot ask', () => {
	it.each(['where_possible', 'never'])('a token that is set to %s does without', async (confirmation) => {
		const token = await tokenOf({ confirmation });
		for (const [name, args] of [...destructive, send]) {
			expect((await callTool(gateway, token, name, args)).isError, name).toBeUndefined();
			expect(done.get(name)).toBe(1);
		}
	});

	it('a token that requires it is refused, and told what the person can do', async () => {
		const token = await tokenOf({ confirmation: 'required', confirmAboveMembers: 10 });
		for (const [name, args] of [...destructive, send]) {
			const result = await callTool(gateway, token, name, args);
			expect(result.content[0]?.text, name).toMatch(/^confirmation_needed: .*\/app\/settings\/mcp/);
			const inModern = await modernRpc(gateway, token, {
				method: 'tools/call',
				params: { name, arguments: args },
			});
			expect(inModern.body).toMatchObject({ result: { isError: true } });
			expect(done.get(name)).toBeUndefined();
		}
		// A door that asks nobody knows no sizes: it sends nothing at all.
		const answer = await post(`${gateway.url}/api/groups/unstar`, { jid }, bearer(token));
		expect(answer).toMatchObject({ status: 403, body: { error: { code: 'confirmation_needed' } } });
		expect(done.get('unstar_group')).toBeUndefined();
		memberCount = 10;
		expect((await callTool(gateway, token, ...send)).isError).toBeUndefined();
	});

	it('an argument is no confirmation', async () => {
		const token = await tokenOf({ confirmation: 'required' });
		for (const [name, args] of destructive) {
			for (const word of [
				'confirm',
				'confirmed',
				'confirmation',
				'force',
				'inputResponses',
				'requestState',
			]) {
				const result = await callTool(gateway, token, name, { ...args, [word]: true });
				expect(result.isError, `${name} ${word}`).toBe(true);
			}
			const smuggled = { ...args, inputResponses: yes('x').inputResponses };
			expect((await call(token, [name, smuggled])).isError).toBe(true);
			expect(done.get(name)).toBeUndefined();
		}
	});
});

it('a person in their own session is not asked', async () => {
	const answer = await post(`${gateway.url}/api/groups/unstar`, { jid }, { cookie: person.cookie });
	expect(answer.status).toBe(200);
});
