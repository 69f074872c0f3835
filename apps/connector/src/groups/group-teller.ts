/**
 * Tells what happens in starred groups, each thing once, whatever dies in between.
 *
 * With every group is kept what subscribers were told of it (`told`): the members at its star, and each change since. WhatsApp
 * tells of changes by notices, which Baileys acknowledges without waiting for anybody. So a notice
 *
 *   1. is written down (`pending_notices`),
 *   2. is published, under ids of its own; where somebody left, the key of our own messages is renewed,
 *   3. becomes part of `told`, in one step with its deletion.
 *
 * `told` stays when the device is unlinked: linked again, what changed meanwhile is told.
 *
 * A notice that was left between 1 and 3 is taken up when the next connection has caught up. Then every starred group is read and
 * compared with `told`: what is different although no notice came is told too, with nobody as who did it and `unknown` as how.
 * What WhatsApp changes while it is being asked shows in a notice meanwhile, and the group is looked at again.
 */
import { isOutage, type Vault } from '@chat-manager/backend';
import type { BusEvent } from '@chat-manager/bus';
import { AppError } from '@chat-manager/contracts';
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type Lease, LeaseLost } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import {
	addPendingNotice,
	deletePendingNotice,
	findTold,
	listPendingNotices,
	saveTold,
} from '../database/told-groups.ts';
import { groupEvents } from '../devices/group-events.ts';
import type { Patience } from '../devices/patience.ts';
import { Group, type GroupMember } from '../whatsapp/group-node.ts';
import { GroupNotice } from '../whatsapp/group-notice.ts';
import { applyNotice } from './apply-notice.ts';
import { compareGroups } from './compare-groups.ts';

export type GroupTeller = {
	/** A group is starred: this is what is told of it first. */
	begin(group: Group): Promise<void>;
	/** Tells of a notice, as it arrives. */
	tell(notice: GroupNotice, persist: Patience): Promise<void>;
	/** A connection has caught up: tells what was left untold, and what no notice told of. Never throws. */
	catchUp(): Promise<void>;
	/** Compares no more. */
	close(): void;
};

export type GroupTellerOptions = {
	lease: Lease;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	publish(event: BusEvent): Promise<void>;
	/** All starred groups. */
	starred(): Promise<readonly string[]>;
	/** The groups as WhatsApp says now, with all that is known of their members; null for one that the device is not in. */
	read(jids: readonly string[]): Promise<ReadonlyMap<string, Group | null>>;
	/** Somebody left: what is sent from now on is under a key that they do not know. Throws while the device is offline. */
	renewKey(jid: string): Promise<void>;
	/** Whether a member is the person whose device this is. */
	isMe(member: GroupMember): boolean;
};

const Told = z.object({ version: z.number(), group: Group });
type Told = z.infer<typeof Told>;

/** WhatsApp may tell of a change a moment after it shows in its answers. */
const settleMs = 1_500;
const comparisons = 3;

export function createGroupTeller(options: GroupTellerOptions): GroupTeller {
	const { lease, db, vault, clock, logger, publish } = options;
	const { userId } = lease;
	/** How many notices came of each group. */
	const notices = new Map<string, number>();
	let last: Promise<unknown> = Promise.resolve();
	const closing = new AbortController();
	let catchingUp = 0;

	/** One after the other: what is told and what is noted of it must not mix. */
	function inOrder<T>(work: () => Promise<T>): Promise<T> {
		const done = last.then(work);
		last = done.catch(() => {});
		return done;
	}

	async function load(jid: string): Promise<Told | undefined> {
		const sealed = await findTold(db, userId, jid);
		if (sealed === undefined) return undefined;
		return Told.parse(JSON.parse((await vault.open({ userId, row: toldPlace(jid) }, sealed)).toString()));
	}

	async function save(told: Told, noticeId?: string): Promise<void> {
		const { jid } = told.group;
		const value = await vault.seal({ userId, row: toldPlace(jid) }, JSON.stringify(told));
		await saveTold(db, lease, { jid, value, ...(noticeId === undefined ? {} : { noticeId }) });
	}

	async function note(notice: GroupNotice): Promise<void> {
		const { chatJid: jid, id } = notice;
		const told = await load(jid);
		if (told === undefined) return deletePendingNotice(db, lease, { jid, id });
		await save({ version: told.version + 1, group: applyNotice(told.group, notice) }, id);
	}

	async function publishNotice(notice: GroupNotice): Promise<void> {
		for (const event of groupEvents(userId, notice)) await publish(event);
		if (notice.change.kind === 'left') await options.renewKey(notice.chatJid);
	}

	async function tellPending(): Promise<void> {
		for (const { jid, id, value } of await listPendingNotices(db, userId)) {
			const json = await vault.open({ userId, row: noticePlace(jid, id) }, value);
			const notice = GroupNotice.parse(JSON.parse(json.toString()));
			await publishNotice(notice);
			await note(notice);
		}
	}

	/** Answers the groups of which something came in between: they must be looked at again. */
	async function compare(jids: readonly string[]): Promise<string[]> {
		const seen = new Map(jids.map((jid) => [jid, notices.get(jid)]));
		const groups = await options.read(jids);
		await sleep(clock, settleMs, closing.signal);
		const again: string[] = [];
		for (const [jid, group] of groups)
			await inOrder(async () => {
				if (notices.get(jid) !== seen.get(jid)) again.push(jid);
				else await tellDifferences(jid, group);
			});
		return again;
	}

	async function tellDifferences(jid: string, group: Group | null): Promise<void> {
		const told = await load(jid);
		if (told === undefined) return group === null ? undefined : save({ version: 0, group });
		const now = group ?? withoutMe(told.group);
		const differences = compareGroups(userId, told, now, clock.now());
		if (differences.length === 0) return;
		for (const event of differences) await publish(event);
		if (group !== null && differences.some(({ type }) => type === 'member.left')) await options.renewKey(jid);
		logger.info({ jid, differences: differences.length }, 'what changed in a group unnoticed is told');
		await save({ version: told.version + 1, group: now });
	}

	function withoutMe(group: Group): Group {
		return { ...group, members: group.members.filter((member) => !options.isMe(member)) };
	}

	async function attempt(turn: number): Promise<void> {
		await inOrder(tellPending);
		let open = [...(await options.starred())];
		for (let count = 0; count < comparisons && open.length > 0 && turn === catchingUp; count++)
			open = await compare(open);
	}

	return {
		begin: (group) => inOrder(async () => save({ version: 0, group })),
		tell(notice, persist) {
			const { chatJid: jid, id } = notice;
			notices.set(jid, (notices.get(jid) ?? 0) + 1);
			return inOrder(async () => {
				const value = await vault.seal({ userId, row: noticePlace(jid, id) }, JSON.stringify(notice));
				await persist(() => addPendingNotice(db, lease, { jid, id, value }));
				await persist(() => publishNotice(notice));
				await persist(() => note(notice));
			});
		},
		async catchUp() {
			const turn = ++catchingUp;
			for (;;) {
				try {
					return await attempt(turn);
				} catch (err) {
					const waitMs = closing.signal.aborted ? undefined : retryAfterMs(err);
					logger.info({ err, waitMs }, 'groups are not compared yet');
					if (waitMs === undefined) return;
					await sleep(clock, waitMs, closing.signal).catch(() => {});
					if (turn !== catchingUp || closing.signal.aborted) return;
				}
			}
		},
		close: () => closing.abort(),
	};
}

/** When to try again; `undefined`: not on this connection. */
function retryAfterMs(error: unknown): number | undefined {
	if (error instanceof LeaseLost) return undefined;
	if (isOutage(error)) return 5_000;
	if (!(error instanceof AppError)) return undefined;
	if (error.code === 'whatsapp_rate_limited') return error.retryAfterMs ?? 60_000;
	return error.code === 'timeout' || error.code === 'unavailable' ? 10_000 : undefined;
}

const toldPlace = (jid: string) => `told_groups/${jid}`;
const noticePlace = (jid: string, id: string) => `pending_notices/${jid}/${id}`;
