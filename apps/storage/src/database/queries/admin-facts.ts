import { sql } from 'kysely';
import type { Db, Tables } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';
import { newestDescription, newestPresence } from './newest-wins.ts';

export type AdminFact = Tables['admin_facts'];
export type RoleChange = Omit<AdminFact, 'kind' | 'member_jids'> & {
	kind: 'promoted' | 'demoted';
	member_jid: string;
	name: string | null;
	phone: string | null;
};

/** Who the admins were at one moment. */
export async function recordAdmins(db: Db, fact: AdminFact): Promise<void> {
	await sql`
		insert into admin_facts (user_id, jid, event_id, kind, at, sequence, member_jids)
		values (${fact.user_id}, ${fact.jid}, ${fact.event_id}, ${fact.kind}, ${fact.at}, ${fact.sequence},
			${fact.member_jids}::text[])
		on conflict do nothing`.execute(db);
}

/**
 * Records who became an admin or is none any more, and brings the members up to date: somebody whose role changes is in the
 * group. The groups must be locked, and each event may stand in `changes` once. One from before the snapshot changes no
 * member; one that is known changes nothing.
 */
export async function recordRoleChanges(db: Db, changes: readonly RoleChange[]): Promise<void> {
	const column = <K extends keyof RoleChange>(name: K) => changes.map((change) => change[name]);
	await sql`
		with input as (
			select t.*, g.members_at
			from unnest(
				${column('user_id')}::text[], ${column('jid')}::text[], ${column('event_id')}::text[],
				${column('kind')}::text[], ${column('at')}::timestamptz[], ${column('sequence')}::bigint[],
				${column('member_jid')}::text[], ${column('name')}::text[], ${column('phone')}::text[]
			) as t (user_id, jid, event_id, kind, at, sequence, member_jid, name, phone)
			join starred_groups g on g.user_id = t.user_id and g.jid = t.jid
		), recorded as (
			insert into admin_facts (user_id, jid, event_id, kind, at, sequence, member_jids)
			select user_id, jid, event_id, kind, at, sequence, array[member_jid] from input
			on conflict do nothing
			returning user_id, jid, event_id
		)
		insert into members
			(user_id, jid, member_jid, name, named_at, phone, phone_at, role, present, presence_at, presence_sequence)
		select distinct on (user_id, jid, member_jid) user_id, jid, member_jid,
			name, case when name is null then '-infinity' else at end,
			phone, case when phone is null then '-infinity' else at end,
			case kind when 'promoted' then 'admin' else 'member' end, true, at, sequence
		from input join recorded using (user_id, jid, event_id)
		where members_at is null or at > members_at
		order by user_id, jid, member_jid, input.at desc, input.sequence desc
		on conflict (user_id, jid, member_jid) do update set ${newestDescription}, ${newestPresence}`.execute(db);
}

/**
 * Whether somebody is known to have been an admin of a group at a moment. WhatsApp's times are whole seconds: what became
 * known within the same one counts.
 */
export async function wasAdmin(
	db: Db,
	{ userId, jid, memberJid, at }: GroupKey & { memberJid: string; at: Date },
): Promise<boolean> {
	const { rows } = await sql<{ admin: boolean }>`
		select case kind when 'promoted' then true when 'demoted' then false else ${memberJid} = any(member_jids) end as admin
		from admin_facts
		where user_id = ${userId} and jid = ${jid} and (kind = 'snapshot' or ${memberJid} = any(member_jids))
			and at < ${at}::timestamptz + interval '1 second'
		order by at desc, sequence desc
		limit 1`.execute(db);
	return rows[0]?.admin === true;
}
