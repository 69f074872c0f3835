import { routes, tools } from '@chat-manager/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeGroup, type Network, startNetwork } from './support/network.ts';
import { type Person, signUp } from './support/person.ts';

const ana = '15550000001';
let net: Network;
let person: Person;
let token: string;
let jid: string;

beforeAll(async () => {
	net = await startNetwork();
	person = await signUp(net, 'ana');
	jid = await makeGroup(net, ana, 'Support', ['15550000002']);
	await person.link(ana);
	await person.api('groups/star', { jid });
	token = await person.token();
});
afterAll(() => net[Symbol.asyncDispose]());

/** Every wrong thing that can be put into one field. */
const wrongValues = [
	null,
	0,
	-1,
	1.5,
	true,
	'',
	' ',
	'x',
	'\0',
	'🙂'.repeat(40_000),
	[],
	{},
	[[]],
	['x'],
	{ a: 1 },
];
const wrongJids = [
	'x@g.us',
	'1@g.us',
	'12345678901@s.whatsapp.net',
	`${'9'.repeat(60)}@g.us`,
	'../../etc/passwd',
	"1'; drop table--@g.us",
];

/** The example with one field at a time spoilt, with fields that do not exist, and things that are no object at all. */
function* spoilt(example: Record<string, unknown>, fields: readonly string[]): Generator<unknown> {
	for (const field of fields) {
		for (const value of wrongValues) yield { ...example, [field]: value };
		if (field === 'jid') for (const value of wrongJids) yield { ...example, jid: value };
		const { [field]: _, ...without } = example;
		yield without;
	}
	yield { ...example, noSuchField: 1, __proto__: { polluted: true }, constructor: 1 };
	yield* [null, [], 'text', 7, true];
}

/** What an answer to bad input must never be. */
function expectCivil(what: string, status: number, text: string): void {
	expect(status, `${what}: ${text.slice(0, 200)}`).not.toBe(500);
	if (status >= 400)
		expect(text, what).not.toMatch(/ at \S+ \(|node_modules|ZodError|Postgres|pg_|NatsError|<html/i);
	expect(() => JSON.parse(text), what).not.toThrow();
}

async function post(path: string, body: string, headers: Record<string, string>) {
	const response = await fetch(`${net.url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body,
	});
	return { status: response.status, text: await response.text() };
}

// Writes that a spoilt input may still be right for (a group named "x") would leave the limits of this test.
const harmless = routes.filter(
	({ path }) => !/unlink|revoke|unstar|groups\/create|tokens\/create/.test(path),
);

it.each(harmless)('$path answers bad input with a sentence', async ({ path, entry: { operation } }) => {
	const fields = Object.keys(operation.input.shape);
	const example = {
		...(operation.example.input as Record<string, unknown>),
		...(fields.includes('jid') ? { jid } : {}),
	};
	for (const input of spoilt(example, fields)) {
		const { status, text } = await post(path, JSON.stringify(input), { authorization: `Bearer ${token}` });
		expectCivil(`${path} ${JSON.stringify(input).slice(0, 200)}`, status, text);
	}
});

it.each(tools)(
	'the tool $name answers bad arguments with a sentence',
	async ({ name, entry: { operation } }) => {
		const fields = Object.keys(operation.input.shape);
		const example = {
			...(operation.example.input as Record<string, unknown>),
			...(fields.includes('jid') ? { jid } : {}),
		};
		for (const input of spoilt(example, fields)) {
			if (operation.input.safeParse(input).success) continue; // Right after all: not this test's business.
			const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } };
			// A token of its own each time: the limit of calls is not what is looked at here.
			const { status, text } = await post('/mcp', JSON.stringify(message), {
				authorization: `Bearer ${await freshToken()}`,
			});
			expectCivil(`${name} ${JSON.stringify(input).slice(0, 200)}`, status, text);
			expect(text, name).toMatch(/"isError":true|"error":/);
		}
	},
	120_000,
);

let calls = 0;
async function freshToken(): Promise<string> {
	if (++calls % 15 === 0) token = await person.token();
	return token;
}

it('answers what is no request at all', async () => {
	const authorization = `Bearer ${token}`;
	for (const path of ['/mcp', '/api/groups/list-starred', '/api/auth/sign-in/email']) {
		for (const body of [
			'{',
			'[1,',
			'null',
			'"x"',
			'\u0000',
			'{"a":'.repeat(5_000),
			`{"x":"${'y'.repeat(2_000_000)}"}`,
		]) {
			const { status, text } = await post(path, body, { authorization });
			expectCivil(`${path} ${body.slice(0, 20)}`, status, text);
			expect(status, path).toBeGreaterThanOrEqual(400);
			expect(status, path).toBeLessThan(500);
		}
	}
});
