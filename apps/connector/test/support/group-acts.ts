import { AppError } from '@chat-manager/contracts';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { admin, type startConnectorSystem } from './connector-system.ts';

const waiting = { timeout: 30_000, interval: 100 };

type Net = Awaited<ReturnType<typeof startConnectorSystem>>;
type Person = ReturnType<Net['person']>;
/** `patienceMs`: how long the caller waits; short, where silence is to be noticed soon. */
export type Setting = { person: Person; phone: string; jid: string; patienceMs: number };

const Truth = z.object({
	subject: z.string(),
	description: z.string().optional(),
	inviteCode: z.string(),
	participants: z.array(z.object({ phone: z.string() })),
});
type Truth = z.infer<typeof Truth>;
const Fault = z.object({ id: z.string(), hits: z.number() });

export type Claim = 'done' | 'not_done' | 'unknown';
export type Action = {
	/** The child of the query that changes something. */
	child: string;
	/** What must be so before. */
	prepare?(setting: Setting): Promise<void>;
	act(setting: Setting): Promise<unknown>;
	isDone(now: Truth, before: Truth, setting: Setting): boolean | Promise<boolean>;
};

/** The person whom groups are changed by. */
export const helper = '15550000090';

/** Every action on groups, and what the simulated network says was done; on a system with storage. */
export function createGroupActs(net: Net) {
	const truth = async (jid: string) => Truth.parse(await admin(net.system, `/admin/groups/${jid}`));
	const caller = ({ person, patienceMs }: Setting) => person.caller({ deadline: Date.now() + patienceMs });

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
			async prepare(setting) {
				await addHelper(setting);
				await vi.waitFor(async () => {
					const list = await setting.person.holder.members.list(
						{ jid: setting.jid },
						setting.person.caller(),
					);
					expect(list.participants).toHaveLength(2);
				}, waiting);
			},
			act: async (setting) =>
				outcomeOf(
					await setting.person.holder.members.remove(
						{ jid: setting.jid, members: [`+${helper}`] },
						caller(setting),
					),
				),
			isDone: ({ participants }) => !participants.some(({ phone }) => phone === helper),
		},
	} satisfies Record<string, Action>;

	async function addHelper({ jid, phone }: Setting): Promise<void> {
		const change = { by: phone, action: 'add', phones: [helper] };
		await admin(net.system, `/admin/groups/${jid}/participants`, change);
	}

	async function madeBy({ phone }: Setting): Promise<number> {
		const Groups = z.object({ groups: z.array(z.object({ subject: z.string() })) });
		const { groups } = Groups.parse(await admin(net.system, '/admin/groups'));
		return groups.filter(({ subject }) => subject === `New of ${phone}`).length;
	}

	/** What an answer claims. Only declared errors, each with a sentence. */
	async function claim(
		answer: Promise<unknown>,
	): Promise<{ claims: Claim; code?: string; retryAfterMs?: number }> {
		try {
			const value = await answer;
			expect(value).toBeDefined();
			const outcome = z.object({ outcome: z.string() }).safeParse(value).data?.outcome;
			if (outcome === 'unknown') return { claims: 'unknown' };
			return {
				claims: outcome === undefined || ['added', 'removed'].includes(outcome) ? 'done' : 'not_done',
			};
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
	const addFault = async (fault: object) => Fault.parse(await admin(net.system, '/admin/faults', fault));
	const hitsOf = async (id: string) =>
		z
			.object({ faults: z.array(Fault) })
			.parse(await admin(net.system, '/admin/faults'))
			.faults.find((fault) => fault.id === id)?.hits;

	return { actions, addHelper, truth, madeBy, claim, linked, change, addFault, hitsOf };
}
