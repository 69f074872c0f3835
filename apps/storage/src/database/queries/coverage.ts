import { sql } from 'kysely';
import type { Db } from '../tables.ts';

export type CoverageRow = {
	captured_from: Date;
	storing: boolean;
	/** Spans without storing since then, the newest last; at most the 100 newest. */
	pauses: readonly { from: string; to: string | null }[];
	/** What was told of the device, the newest last; at most the 200 newest. */
	device: readonly { at: string; kind: 'connected' | 'away' | 'ended' }[];
};

/** What the stored messages of a starred group cover; undefined when the group is not among the user's starred ones. */
export async function findCoverage(
	db: Db,
	args: { userId: string; jid: string },
): Promise<CoverageRow | undefined> {
	const { rows } = await sql<CoverageRow>`
		select g.captured_from, coalesce(s.store_messages, true) as storing,
			${pausesOfGroup} as pauses, ${factsOfDevice} as device
		from starred_groups g left join settings s on s.user_id = g.user_id
		where g.user_id = ${args.userId} and g.jid = ${args.jid} and g.starred`.execute(db);
	return rows[0];
}

/** Of the group `g`: spans without storing that end after it was captured. */
export const pausesOfGroup = sql`coalesce((
	select json_agg(json_build_object('from', p.from_at, 'to', p.to_at) order by p.from_at)
	from (
		select p.from_at, p.to_at from pauses p
		where p.user_id = g.user_id and p.jid in ('', g.jid)
			and (p.to_at is null or p.to_at > g.captured_from)
		order by p.from_at desc limit 100
	) p
), '[]')`;

/** Of the user of the group `g`: what was told of their device. */
export const factsOfDevice = sql`coalesce((
	select json_agg(json_build_object('at', d.at, 'kind', d.kind) order by d.at, d.sequence)
	from (
		select d.at, d.kind, d.sequence from device_facts d where d.user_id = g.user_id
		order by d.at desc, d.sequence desc limit 200
	) d
), '[]')`;
