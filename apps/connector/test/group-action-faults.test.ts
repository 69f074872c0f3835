import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConnectorSystem } from './support/connector-system.ts';
import { type Action, type Claim, createGroupActs, helper } from './support/group-acts.ts';

/**
 * Every action against every fault of the network. Whatever is answered must be so: "done" when it was done, "not done" when
 * it was not; only where the fault hides it for good may the answer be that it is unknown.
 */
let net: Awaited<ReturnType<typeof startConnectorSystem>>;
let acts: ReturnType<typeof createGroupActs>;

beforeAll(async () => {
	net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	acts = createGroupActs(net);
	await net.phone(helper);
});
afterAll(() => net[Symbol.asyncDispose]());

const faults: [name: string, fault: object, claims: Claim, code?: string][] = [
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
		const setting = await acts.linked(phone, 'kind' in what && what.kind === 'silence' ? 5_000 : 15_000);
		for (const name of names) {
			const { child, prepare, act, isDone }: Action = acts.actions[name];
			await setting.person.connected();
			await prepare?.(setting);
			const before = await acts.truth(setting.jid);
			const { id } = await acts.addFault({ ...what, device: phone, match: acts.change(child) });
			const said = await acts.claim(act(setting));
			const now = await acts.truth(setting.jid);
			expect(await acts.hitsOf(id), name).toBe(1);
			expect({ name, claims: said.claims }).toEqual({ name, claims });
			expect({ name, isDone: await isDone(now, before, setting) }).toEqual({
				name,
				isDone: claims === 'done',
			});
			if (said.code !== undefined) expect({ name, code: said.code }).toEqual({ name, code });
			if (name !== 'create') continue;
			// With its key a creation can be asked for again, whatever became of it: there is one group.
			expect(await acts.claim(act(setting))).toEqual({ claims: 'done' });
			expect(await acts.madeBy(setting)).toBe(1);
		}
	});

	it('says that it is unknown when the group cannot be read again either', async () => {
		const setting = await acts.linked('15550200000');
		const { phone } = setting;
		await acts.addFault({
			kind: 'silence',
			device: phone,
			match: { tag: 'iq', xmlns: 'w:g2', type: 'set' },
			count: 9,
		});
		await acts.addFault({
			kind: 'silence',
			device: phone,
			match: { tag: 'iq', xmlns: 'w:g2', child: 'query' },
			count: 9,
		});
		expect(await acts.claim(acts.actions.add.act(setting))).toEqual({ claims: 'unknown' });
		expect(await acts.claim(acts.actions.rename.act(setting))).toMatchObject({ code: 'outcome_unknown' });
	});

	it.each([
		[429, '15550200001'],
		[463, '15550200002'],
	])('is not asked for again after %i (complaints 3, 8)', async (code, phone) => {
		const setting = await acts.linked(phone);
		const { id } = await acts.addFault({
			kind: 'error',
			code,
			count: 99,
			device: phone,
			match: acts.change('add'),
		});
		const add = () => acts.claim(acts.actions.add.act(setting));
		const first = await add();
		expect(first).toMatchObject({ code: 'whatsapp_rate_limited', retryAfterMs: expect.any(Number) });
		expect(await add()).toMatchObject({ code: 'whatsapp_rate_limited' });
		expect(await acts.hitsOf(id)).toBe(1);
	});
});
