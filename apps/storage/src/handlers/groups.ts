import { assertInTime, type Contract, type DomainHandlers, groupNotStarred } from '@chat-manager/contracts';
import { sleep } from '@chat-manager/service';
import { announceUnstar } from '../announcements.ts';
import type { StorageContext } from '../context.ts';
import { readTimeline, type TimelineDay } from '../database/queries/group-timeline.ts';
import { type GroupKey, lockGroups } from '../database/queries/lock-groups.ts';
import { findStarredGroup, listStarredGroups, markGroupVisited } from '../database/queries/starred-groups.ts';
import { unstarGroup } from '../database/queries/unstar-group.ts';
import { announceOrFail } from './announce-or-fail.ts';
import { coverageOf } from './coverage.ts';

const pageSize = 100;
const starPollMs = 25;
/** What is kept back of a caller's time for the answer to arrive. */
const answerMs = 1_000;

export const groups: DomainHandlers<Contract['storage']['groups'], StorageContext> = {
	async listStarred({ db, cursors }, { cursor }, { userId, groups }) {
		const scope = { userId, list: 'groups' };
		const place = cursor === undefined ? undefined : await cursors.open(scope, cursor);
		const after = place && { starredAt: new Date(place.atMs), jid: place.tie };
		const rows = await listStarredGroups(db, { userId, groups, after, limit: pageSize + 1 });
		const page = rows.slice(0, pageSize);
		const last = rows.length > pageSize ? page.at(-1) : undefined;
		return {
			groups: page.map(({ jid, name, participants, joined, left }) => ({
				jid,
				name,
				participantCount: participants,
				joinedSinceLastVisit: joined,
				leftSinceLastVisit: left,
			})),
			nextCursor: last ? await cursors.seal(scope, { atMs: last.starred_at.getTime(), tie: last.jid }) : null,
		};
	},

	async getStarred({ db }, { jid }, { userId }) {
		const group = await findStarredGroup(db, { userId, jid });
		if (group === undefined) throw groupNotStarred();
		return {
			jid,
			name: group.name,
			description: group.description,
			participantCount: group.participants,
			starredAt: group.starred_at.toISOString(),
			lastVisitedAt: group.last_visited_at?.toISOString() ?? null,
			pendingChanges: { joined: group.joined, left: group.left },
		};
	},

	async timeline({ db, clock }, { jid, timeZone, days: count }, { userId }) {
		const now = new Date(clock.now());
		const read = await readTimeline(db, { userId, jid, timeZone, days: count, now });
		if (read === undefined) throw groupNotStarred();
		const coverage = coverageOf(read.record, []);
		return {
			days: read.days.map((day) => ({
				day: day.day,
				messages: day.messages,
				joined: day.joined,
				left: day.left,
				partial: isPartial(day, coverage),
			})),
			coverage,
		};
	},

	async awaitStar({ db, clock }, key, { deadline }) {
		for (;;) {
			if ((await findStarredGroup(db, key)) !== undefined) return { recorded: true };
			if (clock.now() + answerMs >= deadline) return { recorded: false };
			await sleep(clock, starPollMs);
		}
	},

	async markVisited({ db, clock }, { jid }, call) {
		assertInTime(call, clock.now());
		const at = await markGroupVisited(db, { userId: call.userId, jid, at: new Date(clock.now()) });
		if (at === undefined) throw groupNotStarred();
		return { jid, lastVisitedAt: at.toISOString() };
	},

	async unstar(context, { jid }, call) {
		assertInTime(call, context.clock.now());
		const key = { userId: call.userId, jid };
		const { at, messagesDeletedAt } = await hideGroup(context, key);
		await announceOrFail(
			announceUnstar(context, { ...key, at }),
			'The group is unstarred, but this could not be passed on yet. Call unstar_group once more to finish it.',
		);
		return { jid, starred: false, messagesDeletedAt: messagesDeletedAt.toISOString() };
	},
};

/** Whether a part of the day was not captured. */
function isPartial({ starts, ends }: TimelineDay, coverage: ReturnType<typeof coverageOf>): boolean {
	const [start, end] = [starts.getTime(), ends.getTime()];
	const captured = Date.parse(coverage.capturedFrom);
	if (captured > start && captured < end) return true;
	return coverage.gaps.some(
		({ from, to }) => Date.parse(from) < end && (to === null || Date.parse(to) > start),
	);
}

type Unstarred = { at: Date; messagesDeletedAt: Date };

/** Unstars a group, or finds it unstarred by a call that could not announce it. */
async function hideGroup({ db, clock, keeping }: StorageContext, key: GroupKey): Promise<Unstarred> {
	return db.transaction().execute(async (transaction) => {
		const [group] = await lockGroups(transaction, [key]);
		if (group === undefined) throw groupNotStarred();
		const { starred, starred_at, unstarred_at, messages_deleted_at, announced } = group;
		if (!starred || starred_at === null) {
			if (announced || unstarred_at === null || messages_deleted_at === null) throw groupNotStarred();
			return { at: unstarred_at, messagesDeletedAt: messages_deleted_at };
		}
		// Later than the star in any case: its time was read from another machine's clock.
		const at = new Date(Math.max(clock.now(), starred_at.getTime() + 1));
		const messagesDeletedAt = new Date(at.getTime() + keeping.unstarredMs);
		await unstarGroup(transaction, { ...key, at, messagesDeletedAt });
		return { at, messagesDeletedAt };
	});
}
