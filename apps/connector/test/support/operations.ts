import { AppError, commonErrors, contract } from '@chat-manager/contracts';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './connector-system.ts';
import { createGroupActs, helper, type Setting } from './group-acts.ts';

const waiting = { timeout: 30_000, interval: 100 };

const { groups, members, messages } = contract.connector;
const { devices } = contract.connectors;
type Acts = ReturnType<typeof createGroupActs>;
type Caller = ReturnType<Setting['person']['caller']>;
type Operation = {
	contract: { output: z.ZodType; errors: readonly string[] };
	/** The stanza that it is about. */
	match: object;
	run(setting: Setting, caller: Caller): Promise<unknown>;
	/** For one that changes something: whether it is done. */
	truth?: (setting: Setting, before: Awaited<ReturnType<Acts['truth']>>) => Promise<boolean>;
};
type Answer = { value: unknown } | { error: AppError };

const changes = ['add', 'remove', 'rename', 'describe', 'reset', 'create'] as const;
export const operationNames = [
	...changes,
	'send',
	'list groups',
	'star',
	'list members',
	'link',
	'unlink',
] as const;

/** Every operation that asks WhatsApp something, with what it claims and what is so. */
export async function startOperations() {
	const net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	const acts = createGroupActs(net);
	await net.phone(helper);
	const iq = (type: string, child: string, xmlns = 'w:g2') => ({ tag: 'iq', xmlns, type, child });
	const contracts = {
		add: members.add,
		remove: members.remove,
		rename: groups.rename,
		describe: groups.describe,
		reset: groups.inviteLink,
		create: groups.create,
	};
	const changing = changes.map((name): [typeof name, Operation] => [
		name,
		{
			contract: contracts[name],
			match: iq(
				'set',
				{ rename: 'subject', describe: 'description', reset: 'invite' }[name as string] ?? name,
			),
			run: (setting) => acts.actions[name].act(setting),
			truth: async (setting, before) =>
				acts.actions[name].isDone(await acts.truth(setting.jid), before, setting),
		},
	]);
	const textOf = ({ phone }: Setting) => `To all, from ${phone}`;
	const operations = new Map<(typeof operationNames)[number], Operation>([
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
		[
			'unlink',
			{
				contract: devices.unlink,
				match: iq('set', 'remove-companion-device', 'md'),
				run: ({ person }, caller) => person.anywhere.devices.unlink({}, caller),
				truth: async ({ person }) => (await person.device()).state === 'unlinked',
			},
		],
	]);

	/** Runs it while the fault is there, and looks whether what it answers fits its contract and is so. */
	async function check(
		name: (typeof operationNames)[number],
		phone: string,
		begin: (match: object) => Promise<unknown>,
	): Promise<void> {
		const operation = operations.get(name);
		if (operation === undefined) throw new Error(`There is no ${name}`);
		const setting = { ...(await acts.linked(phone, 9_000)), patienceMs: 9_000 };
		if (name === 'send') await acts.addHelper(setting);
		if (name === 'remove') await acts.actions.remove.prepare(setting);
		const before = await acts.truth(setting.jid);
		await begin(operation.match);
		const answer = await operation.run(setting, setting.person.caller({ deadline: Date.now() + 9_000 })).then(
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
		else expect(await whenBack(() => truth(setting, before))).toBe(false);
	}

	return { net, acts, check, whenBack, [Symbol.asyncDispose]: () => net[Symbol.asyncDispose]() };
}

/** The simulated network may be restarting. */
async function whenBack<T>(ask: () => Promise<T>): Promise<T> {
	return vi.waitFor(ask, waiting);
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
