import { createHash } from 'node:crypto';
import type { SessionContext } from '../context.ts';
import type { Group } from '../whatsapp/group-node.ts';

/**
 * Stars a group: the own copy first, so that from the answer on nothing is missed, then the event with the members as
 * the baseline. Its id is that of this very starring: a repeat after a crash in between publishes it again.
 */
export async function starGroup(
	{ session, groups, publish, storage, clock }: SessionContext,
	group: Group,
): Promise<string> {
	const { userId } = session;
	const at = (await groups.star(group.jid)).toISOString();
	const { people } = groups;
	const complete = await people.completeGroup(group);
	await groups.teller.begin(complete);
	const { members } = complete;
	await publish({
		id: createHash('sha256').update(`${userId}\n${group.jid}\nstarred\n${at}`).digest('base64url'),
		type: 'group.starred',
		at,
		userId,
		groupJid: group.jid,
		data: {
			name: group.name,
			description: group.description,
			takenAt: new Date(clock.now()).toISOString(),
			members: members.map((member) => ({ ...member, name: null })),
		},
	});
	// Then it can be read, too. With storage away it is recorded later; nothing is missed meanwhile.
	await storage.groups.awaitStar({ userId, jid: group.jid }).catch(() => {});
	return at;
}
