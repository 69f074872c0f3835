import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import { isSinceVisit } from './since-visit.ts';

export type StarredGroup = {
	jid: string;
	name: string;
	description: string | null;
	starred_at: Date;
	last_visited_at: Date | null;
	/** From when changes count: the last visit, or the snapshot of the star. */
	since: Date;
	participants: number;
	joined: number;
	left: number;
};

/** One starred group of a user; undefined for one that is not starred, not theirs or not there. */
export async function findStarredGroup(
	db: Db,
	args: { userId: string; jid: string },
): Promise<StarredGroup | undefined> {
	const { rows } = await sql<StarredGroup>`
		${selectStarred} where g.user_id = ${args.userId} and g.jid = ${args.jid} and g.starred`.execute(db);
	return rows[0];
}

/** The user's starred groups, the one starred last first; `groups` limits them (null: no limit). */
export async function listStarredGroups(
	db: Db,
	args: {
		userId: string;
		groups: readonly string[] | null;
		after: { starredAt: Date; jid: string } | undefined;
		limit: number;
	},
): Promise<StarredGroup[]> {
	const { userId, groups, after, limit } = args;
	const { rows } = await sql<StarredGroup>`
		${selectStarred}
		where g.user_id = ${userId} and g.starred
			${groups === null ? sql`` : sql`and g.jid = any(${groups})`}
			${after === undefined ? sql`` : sql`and (g.starred_at, g.jid) < (${after.starredAt}, ${after.jid})`}
		order by g.starred_at desc, g.jid desc
		limit ${limit}`.execute(db);
	return rows;
}

/**
 * Moves the last visit on, never back, to all that is recorded; undefined as for `findStarredGroup`. What is being recorded at
 * this moment is not seen yet.
 */
export async function markGroupVisited(
	db: Db,
	args: { userId: string; jid: string; at: Date },
): Promise<Date | undefined> {
	const { rows } = await sql<{ last_visited_at: Date }>`
		update starred_groups set last_visited_at = greatest(last_visited_at, ${args.at}::timestamptz),
			visited_place = (
				select coalesce(max(place), 0) from membership_changes c
				where c.user_id = starred_groups.user_id and c.jid = starred_groups.jid
			)
		where user_id = ${args.userId} and jid = ${args.jid} and starred
		returning last_visited_at`.execute(db);
	return rows[0]?.last_visited_at;
}

const since = sql`coalesce(g.last_visited_at, g.baseline_at)`;

const selectStarred = sql`
	select g.jid, g.name, g.description, g.starred_at, g.last_visited_at, ${since} as since,
		(select count(*) from members m
			where m.user_id = g.user_id and m.jid = g.jid and m.present) as participants,
		c.joined, c."left"
	from starred_groups g
	cross join lateral (
		select count(*) filter (where c.direction = 'joined') as joined,
			count(*) filter (where c.direction = 'left') as "left"
		from membership_changes c
		where c.user_id = g.user_id and c.jid = g.jid and ${isSinceVisit}
	) c`;
