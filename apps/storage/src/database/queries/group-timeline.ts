import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import { type CoverageRow, factsOfDevice, pausesOfGroup } from './coverage.ts';
import { isShown } from './read-messages.ts';

export type TimelineDay = {
	/** 2026-11-22, in the time zone that was asked for. */
	day: string;
	starts: Date;
	ends: Date;
	/** Null for days of which nothing is known: before the messages, or the changes, were captured. */
	messages: number | null;
	joined: number | null;
	left: number | null;
};

export type Timeline = { record: CoverageRow; days: TimelineDay[] };

/**
 * The last days of a starred group, the oldest first, each from midnight to midnight of the time zone; undefined when the group
 * is not among the user's starred ones. Messages are counted in the index of the pages.
 */
export async function readTimeline(
	db: Db,
	args: { userId: string; jid: string; timeZone: string; days: number; now: Date },
): Promise<Timeline | undefined> {
	const { userId, jid, timeZone, days, now } = args;
	const { rows } = await sql<TimelineDay & CoverageRow>`
		select to_char(d.day, 'YYYY-MM-DD') as day, d.starts, d.ends,
			case when d.ends > g.captured_from then (
				select count(*) from messages m
				where m.user_id = g.user_id and m.jid = g.jid and ${isShown}
					and m.sent_at >= d.starts and m.sent_at < d.ends
			) end as messages,
			case when d.ends > g.starred_at then c.joined end as joined,
			case when d.ends > g.starred_at then c."left" end as "left",
			g.captured_from, coalesce(s.store_messages, true) as storing,
			case when d.isNewest then ${pausesOfGroup} end as pauses,
			case when d.isNewest then ${factsOfDevice} end as device
		from starred_groups g
		left join settings s on s.user_id = g.user_id
		cross join lateral (
			select day, ago = 0 as isNewest, day::timestamp at time zone ${timeZone} as starts,
				(day + 1)::timestamp at time zone ${timeZone} as ends
			from generate_series(0, ${days - 1}::integer) as ago,
				lateral (select (${now}::timestamptz at time zone ${timeZone})::date - ago as day) as days
		) d
		cross join lateral (
			select count(*) filter (where c.direction = 'joined') as joined,
				count(*) filter (where c.direction = 'left') as "left"
			from membership_changes c
			where c.user_id = g.user_id and c.jid = g.jid and c.at >= d.starts and c.at < d.ends
		) c
		where g.user_id = ${userId} and g.jid = ${jid} and g.starred
		order by d.day`.execute(db);
	const newest = rows.at(-1);
	if (newest === undefined) return undefined;
	const { captured_from, storing, pauses, device } = newest;
	return { record: { captured_from, storing, pauses, device }, days: rows };
}
