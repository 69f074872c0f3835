import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';
import { newestDescription, newestPresence } from './newest-wins.ts';

type SnapshotMember = { jid: string; name: string | null; phone: string | null; role: string };

/** WhatsApp's times of changes are whole seconds; one of the second of a snapshot counts more than it, for it may be later. */
const snapshotSequence = -1;

/**
 * The members of a group as WhatsApp told them at one moment: whoever is not among them was not there then. Snapshots may
 * come in any order. The newest one knows of everybody at its time, so afterwards nobody's presence may be older than it:
 * whose is, was not in it.
 */
export async function replaceMembers(
	db: Db,
	args: GroupKey & { takenAt: Date; members: readonly SnapshotMember[] },
): Promise<void> {
	const { userId, jid, members } = args;
	const takenAt = new Date(Math.floor(args.takenAt.getTime() / 1_000) * 1_000);
	await sql`
		insert into members
			(user_id, jid, member_jid, name, named_at, phone, phone_at, role, present, presence_at, presence_sequence)
		select distinct on (member_jid) ${userId}, ${jid}, member_jid,
			name, case when name is null then '-infinity' else ${takenAt}::timestamptz end,
			phone, case when phone is null then '-infinity' else ${takenAt}::timestamptz end,
			role, true, ${takenAt}::timestamptz, ${snapshotSequence}::bigint
		from unnest(${members.map((member) => member.jid)}::text[], ${members.map(({ name }) => name)}::text[],
			${members.map(({ phone }) => phone)}::text[], ${members.map(({ role }) => role)}::text[])
			as t (member_jid, name, phone, role)
		order by member_jid
		on conflict (user_id, jid, member_jid) do update set ${newestDescription}, ${newestPresence}`.execute(db);
	await sql`
		update starred_groups set members_at = greatest(members_at, ${takenAt}::timestamptz)
		where user_id = ${userId} and jid = ${jid}`.execute(db);
	await sql`
		update members m
		set present = false, presence_at = g.members_at, presence_sequence = ${snapshotSequence}
		from starred_groups g
		where g.user_id = ${userId} and g.jid = ${jid} and m.user_id = ${userId} and m.jid = ${jid}
			and m.presence_at < g.members_at and m.presence_at > '-infinity'`.execute(db);
}
