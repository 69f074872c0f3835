import { AppError, commonErrors, contract } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';
import { createGroupActs, helper, type Setting } from './support/group-acts.ts';
import { createRandom } from './support/random.ts';

/**
 * Every fault that the simulated network can produce, against every operation that asks WhatsApp something. Whatever happens, it
 * ends with an answer that fits the contract or with one of the errors that the contract names, in a sentence; what it
 * claims to have done is done, and what it claims not to have done is not. `npm test` draws some cases by lot, `npm run
 * test:full` runs all.
 */
// biome-ignore lint/style/noProcessEnv: how much a test run takes on is no setting of a service.
const isFull = process.env.CM_FULL === '1';
const drawn = 24;
const waiting = { timeout: 30_000, interval: 100 };
let net: Awaited<ReturnType<typeof startConnectorSystem>>;
let acts: ReturnType<typeof createGroupActs>;

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	acts = createGroupActs(net);
	await net.phone(helper);
});
afterAll(() => net?.[Symbol.asyncDispose]());

const { groups, members, messages } = contract.connector;
type Operation = {
	contract: { output: z.ZodType; errors: readonly string[] };
	/** The stanza that it is about. */
	match: object;
	run(
		setting: Setting,
		caller: Setting['person'] extends { caller(): infer C } ? C : never,
	): Promise<unknown>;
	/** For one that changes something: what it claims, and whether that is so. */
	truth?: (setting: Setting, before: Awaited<ReturnType<typeof acts.truth>>) => Promise<boolean>;
};

const iq = (type: string, child: string, xmlns = 'w:g2') => ({ tag: 'iq', xmlns, type, child });
const changes = ['add', 'remove', 'rename', 'describe', 'reset', 'create'] as const;
const contracts = {
	add: members.add,
	remove: members.remove,
	rename: groups.rename,
	describe: groups.describe,
	reset: groups.inviteLink,
	create: groups.create,
};
const changing = changes.map((name): [string, Operation] => [
	name,
	{
		contract: contracts[name],
		match: iq('set', { rename: 'subject', describe: 'description', reset: 'invite' }[name as string] ?? name),
		run: (setting) => acts.actions[name].act(setting),
		truth: async (setting, before) =>
			acts.actions[name].isDone(await acts.truth(setting.jid), before, setting),
	},
]);
const textOf = ({ phone }: Setting) => `To all, from ${phone}`;
const operations = new Map<string, Operation>([
	...changing,
	[
		'send',
		{
			contract: messages.send,
			match: { tag: 'message' },
			run: ({ person, jid, ...setting }, caller) =>
				person.holder.messages.send({ jid, text: textOf({ person, jid, ...setting }) }, caller),
			truth: async (setting) => {
				const path = `/admin/accounts/${helper}/messages?chat=${setting.jid}`;
				const Read = z.object({ messages: z.array(z.object({ text: z.string().nullable() })) });
				return Read.parse(await admin(net.system, path)).messages.some(
					({ text }) => text === textOf(setting),
				);
			},
		},
	],
	[
		'list groups',
		{
			contract: groups.list,
			match: iq('get', 'participating'),
			run: ({ person }, caller) => person.holder.groups.list({}, caller),
		},
	],
	[
		'star',
		{
			contract: groups.star,
			match: iq('get', 'query'),
			run: ({ person, jid }, caller) => person.holder.groups.star({ jid }, caller),
		},
	],
	[
		'list members',
		{
			contract: members.list,
			match: iq('get', 'query'),
			run: ({ person, jid }, caller) => person.holder.members.list({ jid }, caller),
		},
	],
	[
		'link',
		{
			contract: groups.inviteLink,
			match: iq('get', 'invite'),
			run: ({ person, jid }, caller) => person.holder.groups.inviteLink({ jid }, caller),
		},
	],
]);

const codes = [400, 401, 403, 404, 405, 406, 408, 409, 410, 419, 429, 463, 479, 500, 503];
const faults: object[] = [
	...codes.map((code) => ({ kind: 'error', code })),
	{ kind: 'silence', handled: false },
	{ kind: 'silence', handled: true },
	{ kind: 'delay', delayMs: 700 },
	...(['before', 'after'] as const).flatMap((moment) => [
		{ kind: 'drop', moment },
		...[401, 403, 440, 500, 503, 515].map((code) => ({ kind: 'stream-error', code, moment })),
	]),
];
/** Of the answer, which is known by its tag only. */
const answerFaults = [{ kind: 'duplicate' }, { kind: 'reorder' }, { kind: 'lose' }];
/** Of the whole server: one at a time. */
const serverFaults = [
	{ kind: 'restart', downMs: 300 },
	{ kind: 'freeze', forMs: 1_500 },
	{ kind: 'clock', offsetMs: 86_400_000, forMs: 5_000 },
	{ kind: 'clock', offsetMs: -86_400_000, forMs: 5_000 },
];

const all = [...operations.keys()].flatMap((name) =>
	[...faults, ...answerFaults].map((fault) => ({ name, fault, title: `${name}, ${JSON.stringify(fault)}` })),
);
const random = createRandom();
const pick = <T>(items: readonly T[], count: number): T[] =>
	isFull ? [...items] : random.shuffle(items).slice(0, count);
const cases = pick(all, drawn).map((one, index) => ({
	...one,
	phone: `15557${String(index).padStart(6, '0')}`,
}));
const onServer = pick(
	[...operations.keys()].flatMap((name) =>
		serverFaults.map((fault) => ({ name, fault, title: `${name}, ${JSON.stringify(fault)}` })),
	),
	4,
).map((one, index) => ({ ...one, phone: `15558${String(index).padStart(6, '0')}` }));

type Answer = { value: unknown } | { error: AppError };

async function check(name: string, phone: string, begin: (match: object) => Promise<unknown>): Promise<void> {
	const operation = operations.get(name);
	if (operation === undefined) throw new Error(`There is no ${name}`);
	const setting = { ...(await acts.linked(phone, 9_000)), patienceMs: 9_000 };
	if (name === 'send') await acts.addHelper(setting);
	if (name === 'remove') await acts.actions.remove.prepare(setting);
	const before = await acts.truth(setting.jid);
	await begin(operation.match);
	const answer = await operation
		.run(setting, setting.person.caller({ deadline: Date.now() + 9_000 }) as never)
		.then(
			(value): Answer => ({ value }),
			(error: unknown): Answer => ({ error: asAppError(error) }),
		);
	if ('error' in answer) {
		expect([...operation.contract.errors, ...commonErrors]).toContain(answer.error.code);
		expect(answer.error.code).not.toBe('internal');
		expect(answer.error.message.length).toBeGreaterThan(20);
	} else if (!('outcome' in Object(answer.value))) operation.contract.output.parse(answer.value);
	if (operation.truth === undefined) return;
	const claims = claimOf(answer);
	if (claims === 'unknown') return;
	// A message is at its readers a moment after WhatsApp took it.
	const { truth } = operation;
	if (claims === 'done')
		await vi.waitFor(async () => expect(await truth(setting, before)).toBe(true), waiting);
	else expect(await truth(setting, before)).toBe(false);
}

function claimOf(answer: Answer): 'done' | 'not_done' | 'unknown' {
	if ('error' in answer) return answer.error.code === 'outcome_unknown' ? 'unknown' : 'not_done';
	const { outcome, status } = z
		.object({ outcome: z.string().optional(), status: z.string().optional() })
		.parse(answer.value);
	if (outcome === 'unknown' || status === 'unknown') return 'unknown';
	return outcome === undefined || ['added', 'removed'].includes(outcome) ? 'done' : 'not_done';
}

function asAppError(error: unknown): AppError {
	if (error instanceof AppError) return error;
	throw error;
}

describe.concurrent('a fault', () => {
	it.each(cases)(
		'$title',
		async ({ name, fault, phone }) => {
			await check(name, phone, (match) => {
				const isOfAnswer = answerFaults.includes(fault as never);
				const answer =
					'tag' in match && match.tag === 'message' ? { tag: 'ack' } : { tag: 'iq', type: 'result' };
				return acts.addFault({ ...fault, device: phone, match: isOfAnswer ? answer : match });
			});
		},
		90_000,
	);
});

describe('a fault of the whole network', () => {
	it.each(onServer)(
		'$title',
		async ({ name, fault, phone }) => {
			await check(name, phone, () => admin(net.system, '/admin/faults', fault));
		},
		90_000,
	);
});
