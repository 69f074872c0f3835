import { callOperation, createGrantKeys, createGrantSigner } from '@chat-manager/bus';
import {
	allScopes,
	entries,
	type Grant,
	type Operation,
	type Scope,
	tokenScopes,
	tools,
} from '@chat-manager/contracts';
import { createRandom, isFull, type Random } from '@chat-manager/test-run';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callTool } from './support/mcp.ts';
import { type Answers, startPeer } from './support/peers.ts';
import { createToken, type Person, post, signUp } from './support/person.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/**
 * Random grants and random calls: whatever is asked, through the gateway or put on the bus by somebody who reached it, only
 * that happens which the grant allows. What is allowed is written down here a second time, on purpose: by another hand.
 */

const { seed } = createRandom();
const rounds = isFull ? 3_000 : 500;
const timeoutMs = isFull ? 900_000 : 60_000;
const jids = ['120363025246125486@g.us', '120363025246125487@g.us', '120363025246125488@g.us'];

let world: World;
let gateway: Gateway;
let people: Person[];
let sign: (grant: Grant) => string;
/** What was done: `userId operation`, in order. */
const effects: string[] = [];

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway({ CM_RATE_LIMIT_BURST: '1000000' });
	await untilReady(gateway);
	people = [await signUp(world, gateway), await signUp(world, gateway)];
	sign = createGrantSigner(world.settings().CM_GRANT_PRIVATE_KEY);
	for (const service of ['storage', 'webhooks', 'connectors'] as const)
		await startPeer(world, service, recording(service));
	for (const { id } of people) await startPeer(world, 'connector', recording('connector'), id);
});
afterAll(async () => await world[Symbol.asyncDispose]());

/** The same verb exists in several services: each records under its own name. */
function recording(service: string): Answers {
	return Object.fromEntries(
		entries
			.filter((entry) => entry.service === service)
			.map(({ domain, verb }): [string, Answers[string]] => [
				`${domain}.${verb}`,
				(_input, call) => {
					effects.push(`${call.userId} ${service}.${domain}.${verb}`);
					return undefined;
				},
			]),
	);
}

type Granted = (typeof entries)[number] & { operation: Operation };
const granted = entries.filter(
	(entry): entry is Granted => entry.operation.kind === 'granted' && entry.service !== 'gateway',
);

type Rights = { scopes: readonly Scope[]; groups: readonly string[] | null; readOnly: boolean };

/** What the issue says of the permissions of a token, once more. */
function isAllowed({ scopes, groups, readOnly }: Rights, { id, operation }: Granted, input: Input): boolean {
	const named = [input.jid, ...(Array.isArray(input.groups) ? input.groups : [])].filter(
		(jid) => jid !== undefined,
	);
	if (groups !== null && named.some((jid) => !groups.includes(String(jid)))) return false;
	if (groups !== null && id === 'connector.groups.create') return false;
	const reads = ['storage.groups.listStarred', 'storage.groups.getStarred', 'storage.messages.list'];
	reads.push('storage.members.changes', 'connector.members.list', 'webhooks.webhooks.list');
	if (readOnly && !reads.includes(id)) return false;
	return scopes.includes(operation.scope);
}

const needsWord = new Set(['connector.members.remove', 'storage.groups.unstar', 'webhooks.webhooks.delete']);

type Input = Record<string, unknown>;

function randomInput(random: Random, { operation }: Granted): Input {
	const input: Input = { ...operation.example.input };
	if ('jid' in operation.input.shape) input.jid = random.pick(jids);
	if ('groups' in operation.input.shape && random.chance(0.7)) input.groups = [random.pick(jids)];
	if ('reset' in operation.input.shape) input.reset = random.chance(0.5);
	return input;
}

function randomRights(random: Random, scopes: readonly Scope[]): Rights {
	return {
		scopes: random.chance(0.3) ? scopes : random.some(scopes),
		groups: random.chance(0.5) ? null : random.some(jids),
		readOnly: random.chance(0.3),
	};
}

it(
	`does nothing on the bus that a grant does not allow, seed ${seed}`,
	async () => {
		const random = createRandom(seed);
		const stranger = createGrantSigner(createGrantKeys().privateKey);
		const bus = await world.connect('intruder');
		let happened = 0;
		for (let round = 0; round < rounds; round++) {
			const entry = random.pick(granted);
			const input = randomInput(random, entry);
			const rights = randomRights(random, allScopes);
			const [asked, owner] = [random.pick(people).id, random.pick(people).id];
			const confirmed = random.chance(0.5);
			const grant: Grant = {
				callId: crypto.randomUUID(),
				userId: owner,
				tokenId: 'tok_1',
				scopes: [...rights.scopes],
				groups: rights.groups === null ? null : [...rights.groups],
				readOnly: rights.readOnly,
				confirmed,
				deadline: Date.now() + (random.chance(0.15) ? -1 : 20_000),
			};
			const signed = forge(random, grant, stranger);
			const toConnector = entry.service === 'connector';
			const caller = { userId: asked, signedGrant: signed.text, deadline: Date.now() + 20_000 };
			effects.length = 0;
			await callOperation(bus, entry, input, caller).catch(() => undefined);
			const isMine = !toConnector || asked === owner;
			const needs =
				needsWord.has(entry.id) || (entry.id === 'connector.groups.inviteLink' && input.reset === true);
			const mayHappen =
				signed.isGenuine &&
				grant.deadline > Date.now() &&
				isMine &&
				isAllowed(rights, entry, input) &&
				(confirmed || !needs);
			const context = JSON.stringify({ seed, round, id: entry.id, input, grant, signed });
			expect(effects, context).toEqual(mayHappen ? [`${owner} ${entry.id}`] : []);
			if (mayHappen) happened++;
		}
		expect(happened).toBeGreaterThan(rounds / 100);
	},
	timeoutMs,
);

/** A grant as it was signed, or as somebody made it who could not sign it. */
function forge(
	random: Random,
	grant: Grant,
	stranger: (grant: Grant) => string,
): { text: string; isGenuine: boolean } {
	const genuine = sign(grant);
	const [payload = '', signature = ''] = genuine.split('.');
	if (random.chance(0.6)) return { text: genuine, isGenuine: true };
	const wider = Buffer.from(
		JSON.stringify({ ...grant, scopes: [...allScopes], groups: null, readOnly: false, confirmed: true }),
	);
	const text = random.pick([
		'',
		'.',
		payload,
		`${payload}.`,
		stranger(grant),
		`${wider.toString('base64url')}.${signature}`,
		`${payload}.${signature.slice(0, -4)}AAAA`,
		`${payload}.${signature}x`.slice(1),
	]);
	// The widest grant cannot be made wider: that one is as it was signed.
	return { text, isGenuine: text === genuine };
}

it(
	`does nothing through the gateway that a token does not allow, seed ${seed}`,
	async () => {
		const random = createRandom(seed + 1);
		const [person] = people;
		if (person === undefined) throw new Error('Nobody signed up');
		const tokens = await Promise.all(
			Array.from({ length: 12 }, async () => {
				const rights = randomRights(random, tokenScopes);
				const scopes = rights.scopes.length === 0 ? [random.pick(tokenScopes)] : [...rights.scopes];
				const groups = rights.groups?.length === 0 ? [random.pick(jids)] : rights.groups;
				const own = { scopes, groups, readOnly: rights.readOnly };
				const { token } = await createToken(world, gateway, person, { ...own, confirmation: 'never' });
				return { token, rights: own };
			}),
		);
		let happened = 0;
		for (let round = 0; round < rounds / 2; round++) {
			const { token, rights } = random.pick(tokens);
			const { name, entry } = random.pick(tools);
			if (entry.service === 'gateway') continue;
			const input = randomInput(random, entry);
			const narrowed: Rights = {
				...rights,
				readOnly: rights.readOnly || random.chance(0.2),
				groups: random.chance(0.2)
					? jids.slice(0, 1).filter((jid) => rights.groups?.includes(jid) ?? true)
					: rights.groups,
			};
			const query = new URLSearchParams({
				...(narrowed.readOnly && !rights.readOnly ? { read_only: 'true' } : {}),
				...(narrowed.groups === rights.groups ? {} : { groups: jids[0] ?? '' }),
			});
			effects.length = 0;
			const path = query.size === 0 ? '' : `?${query}`;
			const result = await callTool(gateway, token, name, input, round, path);
			const mayHappen = isAllowed(narrowed, entry, input);
			const context = JSON.stringify({ seed, round, name, input, narrowed, result: result.content });
			expect(effects, context).toEqual(mayHappen ? [`${person.id} ${entry.id}`] : []);
			if (mayHappen) happened++;
			else expect(result.isError, context).toBe(true);
		}
		expect(happened).toBeGreaterThan(rounds / 100);
	},
	timeoutMs,
);

it('lists exactly the tools that the token may use', async () => {
	const random = createRandom(seed + 2);
	const [person] = people;
	if (person === undefined) throw new Error('Nobody signed up');
	for (let round = 0; round < 10; round++) {
		const { scopes, groups, readOnly } = randomRights(random, tokenScopes);
		const rights = {
			scopes: scopes.length === 0 ? [random.pick(tokenScopes)] : [...scopes],
			groups: groups?.length === 0 ? null : groups,
			readOnly,
		};
		const { token } = await createToken(world, gateway, person, rights);
		const { body } = await post(
			`${gateway.url}/mcp`,
			{ jsonrpc: '2.0', id: 1, method: 'tools/list' },
			{ authorization: `Bearer ${token}` },
		);
		const listed = (body.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
		const inside = { jid: rights.groups?.[0] ?? jids[0] };
		const expected = tools.filter(({ entry }) => isAllowed(rights, entry, inside)).map(({ name }) => name);
		expect(listed, JSON.stringify(rights)).toEqual(expected);
	}
});
