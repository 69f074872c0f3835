import type { StorageContext } from '../context.ts';
import { lockGroups, noteGroups } from '../database/queries/lock-groups.ts';
import { type NewMembershipChange, recordMembershipChanges } from '../database/queries/membership-changes.ts';
import { unstarredUntil } from '../unstarred-until.ts';
import { firstOfEach } from './first-of-each.ts';
import type { GroupEvent } from './group-event.ts';
import { storablePerson } from './storable-text.ts';

type MemberEvent = GroupEvent<'member.joined' | 'member.left'>;

/**
 * Joins and departures. Whether somebody is in the group is decided by the newest of their changes and of the snapshots, not
 * by the one that arrives last (of the same second, by the place in the stream); every change is kept under its event's id,
 * once.
 */
export async function recordMemberEvents(
	context: StorageContext,
	events: readonly MemberEvent[],
): Promise<void> {
	const { db } = context;
	const groups = events.map(({ userId, groupJid }) => ({ userId, jid: groupJid }));
	await db.transaction().execute(async (transaction) => {
		await noteGroups(transaction, groups, unstarredUntil(context));
		await lockGroups(transaction, groups);
		await recordMembershipChanges(transaction, firstOfEach(events).map(toChange));
	});
}

function toChange({ id, sequence, type, at, userId, groupJid, data }: MemberEvent): NewMembershipChange {
	const { jid, name, phone } = storablePerson(data.member);
	return {
		user_id: userId,
		jid: groupJid,
		event_id: id,
		sequence,
		member_jid: jid,
		name,
		phone,
		direction: type === 'member.joined' ? 'joined' : 'left',
		at: new Date(at),
		by_jid: data.by,
		how: data.how,
	};
}
