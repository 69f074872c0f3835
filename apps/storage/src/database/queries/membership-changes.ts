import { sql } from 'kysely';
import type { Db, Tables } from '../tables.ts';
import { newestDescription, newestPresence } from './newest-wins.ts';
import { isSinceVisit } from './since-visit.ts';

export type NewMembershipChange = Tables['membership_changes'] & { sequence: number };
export type MembershipChange = Pick<
	NewMembershipChange,
	'member_jid' | 'name' | 'phone' | 'at' | 'by_jid' | 'how'
>;

/**
 * Records joins and departures and brings the members up to date. The groups must be locked: a snapshot that is being
 * applied at the same time could otherwise neither see these rows nor be seen. A change from before the last unstarring is
 * history that was discarded; one from before the second of the snapshot changes nobody's presence, and so does one that is known. Each
 * event may stand in `changes` once.
 */
export async function recordMembershipChanges(
	db: Db,
	changes: readonly NewMembershipChange[],
): Promise<void> {
	const column = <K extends keyof NewMembershipChange>(name: K) => changes.map((change) => change[name]);
	await sql`
		with input as (
			select t.*, g.unstarred_at, g.members_at
			from unnest(
				${column('user_id')}::text[], ${column('jid')}::text[], ${column('event_id')}::text[],
				${column('member_jid')}::text[], ${column('name')}::text[], ${column('phone')}::text[],
				${column('direction')}::text[], ${column('at')}::timestamptz[], ${column('by_jid')}::text[],
				${column('how')}::text[], ${column('sequence')}::bigint[]
			) as t (user_id, jid, event_id, member_jid, name, phone, direction, at, by_jid, how, sequence)
			join starred_groups g on g.user_id = t.user_id and g.jid = t.jid
		), recorded as (
			insert into membership_changes (user_id, jid, event_id, member_jid, name, phone, direction, at, by_jid, how)
			select user_id, jid, event_id, member_jid, name, phone, direction, at, by_jid, how
			from input where unstarred_at is null or at > unstarred_at
			on conflict (user_id, event_id) do nothing
			returning user_id, event_id
		)
		insert into members (user_id, jid, member_jid, name, named_at, phone, phone_at, present, presence_at, presence_sequence)
		select user_id, jid, member_jid,
			(array_agg(name order by at desc) filter (where name is not null))[1],
			coalesce(max(at) filter (where name is not null), '-infinity'),
			(array_agg(phone order by at desc) filter (where phone is not null))[1],
			coalesce(max(at) filter (where phone is not null), '-infinity'),
			(array_agg(direction order by at desc, sequence desc))[1] = 'joined',
			max(at),
			(array_agg(sequence order by at desc, sequence desc))[1]
		from input join recorded using (user_id, event_id)
		where members_at is null or at >= date_trunc('second', members_at)
		group by user_id, jid, member_jid
		order by user_id, jid, member_jid
		on conflict (user_id, jid, member_jid) do update set ${newestDescription}, ${newestPresence}`.execute(db);
}

/** Who joined or left since the last visit, the newest first. */
export async function listMembershipChanges(
	db: Db,
	args: { userId: string; jid: string; direction: 'joined' | 'left'; limit: number },
): Promise<MembershipChange[]> {
	const { rows } = await sql<MembershipChange>`
		select c.member_jid, c.name, c.phone, c.at, c.by_jid, c.how
		from starred_groups g
		join membership_changes c on c.user_id = g.user_id and c.jid = g.jid and ${isSinceVisit}
		where g.user_id = ${args.userId} and g.jid = ${args.jid} and g.starred and c.direction = ${args.direction}
		order by c.at desc, c.event_id desc
		limit ${args.limit}`.execute(db);
	return rows;
}
