import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';
import { newestDescription, newestPresence } from './newest-wins.ts';

type SnapshotMember = { jid: string; name: string | null; phone: string | null; role: string };

/** The members of a group as WhatsApp told them at one moment: whoever is not among them was not there then. */
export async function replaceMembers(
	db: Db,
	args: GroupKey & { takenAt: Date; members: readonly SnapshotMember[] },
): Promise<void> {
	const { userId, jid, takenAt, members } = args;
	const jids = members.map((member) => member.jid);
	await sql`
		insert into members (user_id, jid, member_jid, name, named_at, phone, phone_at, role, present, presence_at, presence_rank)
		select distinct on (member_jid) ${userId}, ${jid}, member_jid,
			name, case when name is null then '-infinity' else ${takenAt}::timestamptz end,
			phone, case when phone is null then '-infinity' else ${takenAt}::timestamptz end,
			role, true, ${takenAt}::timestamptz, 2
		from unnest(${jids}::text[], ${members.map(({ name }) => name)}::text[],
			${members.map(({ phone }) => phone)}::text[], ${members.map(({ role }) => role)}::text[])
			as t (member_jid, name, phone, role)
		order by member_jid
		on conflict (user_id, jid, member_jid) do update set ${newestDescription}, ${newestPresence}`.execute(db);
	await sql`
		update members set present = false, presence_at = ${takenAt}, presence_rank = 2
		where user_id = ${userId} and jid = ${jid} and presence_at < ${takenAt} and member_jid <> all(${jids})
			and (present or presence_at > '-infinity')`.execute(db);
	await sql`
		update starred_groups set members_at = ${takenAt}
		where user_id = ${userId} and jid = ${jid} and (members_at is null or members_at < ${takenAt})`.execute(
		db,
	);
}
