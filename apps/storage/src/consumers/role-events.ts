import type { StorageContext } from '../context.ts';
import { type RoleChange, recordRoleChanges } from '../database/queries/admin-facts.ts';
import { selectDeletedByOthers } from '../database/queries/changed-messages.ts';
import { lockGroups, noteGroups } from '../database/queries/lock-groups.ts';
import { unstarredUntil } from '../unstarred-until.ts';
import { applyChanges } from './apply-changes.ts';
import { firstOfEach } from './first-of-each.ts';
import type { GroupEvent } from './group-event.ts';
import { storablePerson } from './storable-text.ts';

type RoleEvent = GroupEvent<'member.promoted' | 'member.demoted'>;

/** Who became an admin, and who is none any more. Deletions that waited for it are looked at again. */
export async function recordRoleEvents(context: StorageContext, events: readonly RoleEvent[]): Promise<void> {
	const { db } = context;
	const groups = events.map(({ userId, groupJid }) => ({ userId, jid: groupJid }));
	await db.transaction().execute(async (transaction) => {
		await noteGroups(transaction, groups, unstarredUntil(context));
		await lockGroups(transaction, groups);
		await recordRoleChanges(transaction, firstOfEach(events).map(toChange));
	});
	await applyChanges(context, await selectDeletedByOthers(db, groups));
}

function toChange({ id, sequence, type, at, userId, groupJid, data }: RoleEvent): RoleChange {
	const { jid, name, phone } = storablePerson(data.member);
	return {
		user_id: userId,
		jid: groupJid,
		event_id: id,
		kind: type === 'member.promoted' ? 'promoted' : 'demoted',
		at: new Date(at),
		sequence,
		member_jid: jid,
		name,
		phone,
	};
}
