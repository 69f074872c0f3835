import { routes, tools } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** Every tool and every route of the contract, each with every wrong input that can be derived from its example. */

let world: World;
let gateway: Gateway;
let person: Person;
let token: string;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway({ CM_RATE_LIMIT_BURST: '100000' });
	await untilReady(gateway);
	await startPeer(world, 'storage');
	await startPeer(world, 'webhooks');
	await startPeer(world, 'connectors');
	person = await signUp(world, gateway);
	await startPeer(world, 'connector', {}, person.id);
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const ugly = /node_modules|\.ts:\d+|\bat \w+ \(|<html|<!doctype|ZodError|SyntaxError|TypeError/i;
const wrongValues: readonly unknown[] = [
	null,
	0,
	-1,
	1e308,
	'',
	'x',
	'\u0000',
	'𝕏'.repeat(70_000),
	true,
	[],
	{},
	[[]],
	{ a: { b: 1 } },
];

describe.each(routes)('$path', ({ path, entry }) => {
	it('answers its example', async () => {
		const { input, output } = entry.operation.example;
		const answer = await post(`${gateway.url}${path}`, input, { cookie: person.cookie });
		expect([200, 404], answer.text).toContain(answer.status);
		if (entry.service !== 'gateway') expect(answer.body).toEqual(entry.operation.output.parse(output));
	});

	it.each(wrongInputs(entry.operation))('refuses %s', async (_name, input) => {
		const answer = await post(`${gateway.url}${path}`, input, { cookie: person.cookie });
		expect(answer.status, answer.text).toBe(400);
		expect(answer.body).toMatchObject({ error: { code: 'invalid_input', message: expect.any(String) } });
		expect(answer.text).not.toMatch(ugly);
	});

	it('survives any value in any field', async () => {
		for (const input of mutations(entry.operation)) {
			const answer = await post(`${gateway.url}${path}`, input, { cookie: person.cookie });
			expect([200, 400, 404], `${JSON.stringify(input).slice(0, 200)} ${answer.text}`).toContain(
				answer.status,
			);
			expect(answer.text).not.toMatch(ugly);
		}
	});
});

describe.each(tools)('$name', ({ name, entry }) => {
	it.each(wrongInputs(entry.operation))('says what is wrong with %s', async (_name, input) => {
		const result = await callTool(gateway, token, name, input).catch((error: Error) => error.message);
		if (typeof result === 'string') return expect(result).toMatch(/"code":-326\d\d/);
		expect(result.isError, JSON.stringify(result)).toBe(true);
		expect(result.content[0]?.text).toMatch(/^invalid_input: /);
		expect(JSON.stringify(result)).not.toMatch(ugly);
	});

	it('names the field that is wrong', async () => {
		const result = await callTool(gateway, token, name, { ...entry.operation.example.input, noSuchField: 1 });
		expect(result.content[0]?.text).toContain('noSuchField');
		const [field] = Object.keys(entry.operation.example.input);
		if (field === undefined) return;
		const wrong = await callTool(gateway, token, name, {
			...entry.operation.example.input,
			[field]: { wrong: 1 },
		});
		expect(wrong.content[0]?.text).toContain(`${field}: `);
	});

	it('survives any value in any field', async () => {
		for (const input of mutations(entry.operation)) {
			const result = await callTool(gateway, token, name, input);
			if (result.isError === true) expect(result.content[0]?.text).toMatch(/^invalid_input: /);
			expect(JSON.stringify(result)).not.toMatch(ugly);
		}
	});
});

type Example = {
	example: { input: object };
	input: { shape: object; safeParse(value: unknown): { success: boolean } };
};

/** Inputs that the schema refuses: of another kind altogether, with a field too many, with one too few. */
function wrongInputs({ example, input: schema }: Example): [string, unknown][] {
	const candidates: [string, unknown][] = [
		['an array', []],
		['a string', 'x'],
		['a number', 1],
		['null', null],
		['an unknown field', { ...example.input, noSuchField: 1 }],
		...Object.keys(example.input).map((field): [string, unknown] => [
			`no ${field}`,
			Object.fromEntries(Object.entries(example.input).filter(([name]) => name !== field)),
		]),
		...Object.keys(schema.shape).map((field): [string, unknown] => [
			`a wrong ${field}`,
			{ ...example.input, [field]: { wrong: true } },
		]),
	];
	return candidates.filter(([, input]) => !schema.safeParse(input).success);
}

function mutations({ example, input: schema }: Example): object[] {
	return Object.keys(schema.shape).flatMap((field) =>
		wrongValues.map((value) => ({ ...example.input, [field]: value })),
	);
}
