import { type Contract, type DomainHandlers, groupNotStarred } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { listMemberActivity } from '../database/queries/members.ts';
import { listMembershipChanges, type MembershipChange } from '../database/queries/membership-changes.ts';
import { findStarredGroup } from '../database/queries/starred-groups.ts';

/** The most that an answer holds: it has to fit into one message of the bus (1 MB). */
const maxChanges = 1_500;
const maxMembers = 5_000;

export const members: DomainHandlers<Contract['storage']['members'], StorageContext> = {
	async changes({ db }, { jid }, { userId }) {
		const group = await findStarredGroup(db, { userId, jid });
		if (group === undefined) throw groupNotStarred();
		const { since } = group;
		const [joined, left] = await Promise.all([
			listMembershipChanges(db, { userId, jid, direction: 'joined', limit: maxChanges }),
			listMembershipChanges(db, { userId, jid, direction: 'left', limit: maxChanges }),
		]);
		return { since: since.toISOString(), joined: joined.map(toChange), left: left.map(toChange) };
	},

	async activity({ db }, { userId, jid }) {
		const rows = await listMemberActivity(db, { userId, jid, limit: maxMembers });
		return {
			members: rows.map((row) => ({
				jid: row.jid,
				name: row.name,
				lastMessageAt: row.last_message_at?.toISOString() ?? null,
				messageCount: row.message_count,
			})),
		};
	},
};

function toChange({ member_jid, name, phone, at, by_jid, how }: MembershipChange) {
	return { jid: member_jid, name, phone, at: at.toISOString(), by: by_jid, how };
}
