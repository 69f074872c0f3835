import { openDatabase } from '@chat-manager/database';
import { createRandom, isFull } from '@chat-manager/test-run';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, simulator, startNetwork } from './support/network.ts';
import { type Person, signUp } from './support/person.ts';
import { readAll, say } from './support/record.ts';

/**
 * The connector ends itself by kill -9 at each named point of the capture, for each kind of message: before the publish,
 * after it, after the commit of the keys, after the receipt. A message that is retried comes from its author's device again, one
 * that is resent from the own phone. Two people who share the group are captured by it. `npm test` takes
 * a seeded part, one point of each kind; `npm run test:crash` all of them.
 */
type Kind = 'first' | 'later' | 'own' | 'retried' | 'resent';
type Case = { kind: Kind; point: string; skip: number };

const points = ['before-publish', 'after-publish', 'after-commit', 'after-receipt'];
const cases: Case[] = [
	...points.map((point) => ({ kind: 'first' as const, point, skip: 0 })),
	// A first message has two ciphertexts, each with a commit of its own: the sender key, then what is said.
	{ kind: 'first', point: 'after-commit', skip: 1 },
	...points.map((point) => ({ kind: 'later' as const, point, skip: 0 })),
	...points.map((point) => ({ kind: 'own' as const, point, skip: 0 })),
	...points.map((point) => ({ kind: 'retried' as const, point, skip: 0 })),
	...points.map((point) => ({ kind: 'resent' as const, point, skip: 0 })),
];

const people = { ana: '15550000001', berta: '15550000002', author: '15550000003' };
const patience = { timeout: 60_000, interval: 100 };
const caseTimeoutMs = 300_000;
const random = createRandom();
let net: Network;
let persons: Person[];
let jid: string;
const sent: string[] = [];

beforeAll(async () => {
	net = await startNetwork();
	persons = [await signUp(net, 'ana'), await signUp(net, 'berta')];
	jid = await makeGroup(net, people.ana, 'Under fire', [people.berta, people.author]);
	await Promise.all(persons.map((person, index) => person.link(`1555000000${index + 1}`)));
	for (const person of persons) await person.api('groups/star', { jid });
	await saysAndIsStored(people.author, 'the beginning');
});
afterAll(() => net[Symbol.asyncDispose]());

it.each(chosen())(
	'loses and doubles nothing of a $kind message at $point ($skip)',
	async ({ kind, point, skip }) => {
		const from = await prepare(kind);
		const connector = net.service('connector');
		await nothingIsLeft();
		await connector.kill();
		if (kind === 'retried' || kind === 'resent') await forgetSenderKeys();
		await connector.start({ CM_CRASH_AT: `capture.${point}`, CM_CRASH_SKIP: String(skip) });
		for (const person of persons) await person.connected();
		const pid = connector.pid();
		await says(from, `${kind} at ${point} ${skip}`);
		await vi.waitFor(() => expect(connector.pid()).not.toBe(pid), patience);
		await says(from, `after ${kind} at ${point} ${skip}`);
		await isStored();
	},
	caseTimeoutMs,
);

/** All of them, or one of each kind. */
function chosen(): Case[] {
	if (isFull) return cases;
	const kinds = [...new Set(cases.map(({ kind }) => kind))];
	return kinds.map((kind) => random.pick(cases.filter((entry) => entry.kind === kind)));
}

/** Sees to it that the next message is of this kind; resolves with who has to write it. */
async function prepare(kind: Kind): Promise<string> {
	if (kind === 'own') {
		await saysAndIsStored(people.ana, 'from the own phone');
		return people.ana;
	}
	if (kind === 'resent') await loseRetries();
	if (kind !== 'first') return people.author;
	const stranger = `1555${String(1_000_000 + sent.length).slice(-7)}`;
	await simulator(net, '/admin/accounts', { phone: stranger });
	await simulator(net, `/admin/groups/${jid}/participants`, {
		by: people.ana,
		action: 'add',
		phones: [stranger],
	});
	return stranger;
}

async function says(from: string, text: string): Promise<void> {
	await say(net, { from, to: jid, text });
	sent.push(text);
}

async function saysAndIsStored(from: string, text: string): Promise<void> {
	await says(from, text);
	await isStored();
}

/** Both have everything that was said, once, in order. */
async function isStored(): Promise<void> {
	for (const person of persons) {
		await vi.waitFor(async () => {
			expect((await readAll(person, jid)).map(({ text }) => text)).toEqual(sent);
		}, patience);
	}
}

/** Everything is confirmed: what would be delivered again at the next login passes the points too. */
async function nothingIsLeft(): Promise<void> {
	await vi.waitFor(async () => {
		const { devices } = Devices.parse(await simulator(net, '/admin/devices'));
		expect(devices.filter(({ queueLength }) => queueLength > 0)).toEqual([]);
	}, patience);
}

/** Authors never hear that a message is asked for again; the own phones are left. */
async function loseRetries(): Promise<void> {
	const match = { tag: 'receipt', type: 'retry' };
	for (const device of [people.ana, people.berta])
		await simulator(net, '/admin/faults', { kind: 'silence', match, device, count: 99 });
}

/** As if they had been lost: the next message of everybody has to be asked for again. */
async function forgetSenderKeys(): Promise<void> {
	const url = net.databaseUrl('connector');
	await using database = openDatabase({ url, schema: 'devices', logger: silent, applicationName: 'test' });
	await sql`delete from signal_keys where kind = 'sender-key'`.execute(database.db);
}

const Devices = z.object({ devices: z.array(z.object({ queueLength: z.number() })) });
const silent = { debug() {}, info() {}, warn() {}, error() {} };
