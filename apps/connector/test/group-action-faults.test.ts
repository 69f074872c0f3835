import { AppError } from '@chat-manager/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { admin, startConnectorSystem } from './support/connector-system.ts';

/**
 * Every action against every fault of the network. Whatever is answered must be so: "done" when it was done, "not done" when
 * it was not; only where the fault hides it for good may the answer be that it is unknown.
 */
const helper = '15550000090';
let net: Awaited<ReturnType<typeof startConnectorSystem>>;

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	await net.phone(helper);
});
afterAll(() => net[Symbol.asyncDispose]());

const Truth = z.object({
	subject: z.string(),
	description: z.string().optional(),
	inviteCode: z.string(),
	participants: z.array(z.object({ phone: z.string() })),
});
type Truth = z.infer<typeof Truth>;
type Person = ReturnType<typeof net.person>;
/** `patienceMs`: how long the caller waits; short, where silence is to be noticed soon. */
type Setting = { person: Person; phone: string; jid: string; patienceMs: number };

const truth = async (jid: string) => Truth.parse(await admin(net.system, `/admin/groups/${jid}`));
const caller = ({ person, patienceMs }: Setting) => person.caller({ deadline: Date.now() + patienceMs });

type Answer = 'done' | 'not_done' | 'unknown';
type Action = {
	/** The child of the query that changes something. */
	child: string;
	act(setting: Setting): Promise<{ outcome: string } | unknown>;
	isDone(now: Truth, before: Truth, setting: Setting): boolean | Promise<boolean>;
};

const outcomeOf = ({ members }: { members: { outcome: string }[] }) => members[0];

const actions = {
	add: {
		child: 'add',
		act: async (setting) =>
			outcomeOf(
				await setting.person.holder.members.add(
					{ jid: setting.jid, members: [`+${helper}`] },
					caller(setting),
				),
			),
		isDone: ({ participants }) => participants.some(({ phone }) => phone === helper),
	},
	rename: {
		child: 'subject',
		act: (setting) =>
			setting.person.holder.groups.rename({ jid: setting.jid, name: 'Renamed' }, caller(setting)),
		isDone: ({ subject }) => subject === 'Renamed',
	},
	describe: {
		child: 'description',
		act: (setting) =>
			setting.person.holder.groups.describe({ jid: setting.jid, description: 'New' }, caller(setting)),
		isDone: ({ description }) => description === 'New',
	},
	reset: {
		child: 'invite',
		act: (setting) =>
			setting.person.holder.groups.inviteLink({ jid: setting.jid, reset: true }, caller(setting)),
		isDone: ({ inviteCode }, before) => inviteCode !== before.inviteCode,
	},
	create: {
		child: 'create',
		act: (setting) =>
			setting.person.holder.groups.create(
				{ name: `New of ${setting.phone}`, participants: [`+${helper}`], idempotencyKey: 'create' },
				caller(setting),
			),
		isDone: async (_now, _before, setting) => (await madeBy(setting)) === 1,
	},
	remove: {
		child: 'remove',
		act: async (setting) => {
			const change = { by: setting.phone, action: 'add', phones: [helper] };
			await admin(net.system, `/admin/groups/${setting.jid}/participants`, change);
			const members = [`+${helper}`];
			await vi.waitFor(async () => {
				const list = await setting.person.holder.members.list({ jid: setting.jid }, setting.person.caller());
				expect(list.participants).toHaveLength(2);
			}, 10_000);
			return outcomeOf(
				await setting.person.holder.members.remove({ jid: setting.jid, members }, caller(setting)),
			);
		},
		isDone: ({ participants }) => !participants.some(({ phone }) => phone === helper),
	},
} satisfies Record<string, Action>;

async function madeBy({ phone }: Setting): Promise<number> {
	const Groups = z.object({ groups: z.array(z.object({ subject: z.string() })) });
	const { groups } = Groups.parse(await admin(net.system, '/admin/groups'));
	return groups.filter(({ subject }) => subject === `New of ${phone}`).length;
}

/** What an answer claims. Only declared errors, each with a sentence. */
async function claim(
	answer: Promise<unknown>,
): Promise<{ claims: Answer; code?: string; retryAfterMs?: number }> {
	try {
		const value = await answer;
		expect(value).toBeDefined();
		const outcome = z.object({ outcome: z.string() }).safeParse(value).data?.outcome;
		if (outcome === 'unknown') return { claims: 'unknown' };
		return { claims: outcome === undefined || ['added', 'removed'].includes(outcome) ? 'done' : 'not_done' };
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		expect(error.code).not.toBe('internal');
		expect(error.message.length).toBeGreaterThan(20);
		const { code, retryAfterMs } = error;
		return {
			claims: code === 'outcome_unknown' ? 'unknown' : 'not_done',
			code,
			...(retryAfterMs && { retryAfterMs }),
		};
	}
}

const linked = async (phone: string, patienceMs = 5_000): Promise<Setting> => {
	const person = net.person(`user-${phone}`);
	await person.link(phone);
	const jid = await net.group(phone, 'Support', []);
	await person.holder.groups.star({ jid }, person.caller());
	return { person, phone, jid, patienceMs };
};

const change = (child: string) => ({ tag: 'iq', xmlns: 'w:g2', type: 'set', child });
const Fault = z.object({ id: z.string(), hits: z.number() });
const addFault = async (fault: object) => Fault.parse(await admin(net.system, '/admin/faults', fault));
const hitsOf = async (id: string) =>
	z
		.object({ faults: z.array(Fault) })
		.parse(await admin(net.system, '/admin/faults'))
		.faults.find((fault) => fault.id === id)?.hits;

const faults: [name: string, fault: object, claims: Answer, code?: string][] = [
	['no answer', { kind: 'silence' }, 'not_done', 'timeout'],
	['no answer, though it was done', { kind: 'silence', handled: true }, 'done'],
	['a broken connection before it', { kind: 'drop', moment: 'before' }, 'not_done', 'timeout'],
	['a broken connection after it', { kind: 'drop', moment: 'after' }, 'done'],
	['the end of the stream after it', { kind: 'stream-error', code: 503, moment: 'after' }, 'done'],
	['an answer that is late', { kind: 'delay', delayMs: 300 }, 'done'],
	['a refusal, 500', { kind: 'error', code: 500 }, 'not_done', 'whatsapp_refused'],
	['a refusal, 403', { kind: 'error', code: 403 }, 'not_done', 'whatsapp_refused'],
];
/** A few with one device: it takes longer to connect again each time. */
const halves = [
	['add', 'rename', 'describe'],
	['create', 'reset', 'remove'],
] as const;
const cases = faults.flatMap(([fault, what, claims, code], index) =>
	halves.map((names, half) => ({ fault, what, claims, code, names, phone: `1555010${index}${half}00` })),
);

describe.concurrent('each action', () => {
	it.each(cases)('$names tell the truth after $fault', async ({ what, claims, code, names, phone }) => {
		const setting = await linked(phone, 'kind' in what && what.kind === 'silence' ? 5_000 : 15_000);
		for (const name of names) {
			const { child, act, isDone }: Action = actions[name];
			await setting.person.connected();
			const before = await truth(setting.jid);
			const { id } = await addFault({ ...what, device: phone, match: change(child) });
			const said = await claim(act(setting));
			const now = await truth(setting.jid);
			expect(await hitsOf(id), name).toBe(1);
			expect({ name, claims: said.claims }).toEqual({ name, claims });
			expect({ name, isDone: await isDone(now, before, setting) }).toEqual({
				name,
				isDone: claims === 'done',
			});
			if (said.code !== undefined) expect({ name, code: said.code }).toEqual({ name, code });
			if (name !== 'create') continue;
			// With its key a creation can be asked for again, whatever became of it: there is one group.
			expect(await claim(act(setting))).toEqual({ claims: 'done' });
			expect(await madeBy(setting)).toBe(1);
		}
	});

	it('says that it is unknown when the group cannot be read again either', async () => {
		const setting = await linked('15550200000');
		const { phone } = setting;
		await addFault({
			kind: 'silence',
			device: phone,
			match: { tag: 'iq', xmlns: 'w:g2', type: 'set' },
			count: 9,
		});
		await addFault({
			kind: 'silence',
			device: phone,
			match: { tag: 'iq', xmlns: 'w:g2', child: 'query' },
			count: 9,
		});
		expect(await claim(actions.add.act(setting))).toEqual({ claims: 'unknown' });
		expect(await claim(actions.rename.act(setting))).toMatchObject({ code: 'outcome_unknown' });
	});

	it.each([
		[429, '15550200001'],
		[463, '15550200002'],
	])('is not asked for again after %i', async (code, phone) => {
		const setting = await linked(phone);
		const { id } = await addFault({ kind: 'error', code, count: 99, device: phone, match: change('add') });
		const add = () => claim(actions.add.act(setting));
		const first = await add();
		expect(first).toMatchObject({ code: 'whatsapp_rate_limited', retryAfterMs: expect.any(Number) });
		expect(await add()).toMatchObject({ code: 'whatsapp_rate_limited' });
		expect(await hitsOf(id)).toBe(1);
	});
});
