import { accountByLid } from '../network/accounts.ts';
import { isAdmin, memberOf } from '../network/groups.ts';
import type { Account, Group, Network } from '../network/state.ts';
import { type Bubbled, bubblesOf, personNamed } from './bubbles.ts';
import { groupOf, titleOf } from './chats.ts';
import type { OpenChat, Person } from './schema.ts';

/** The chat that is open on the phone; nothing for one that it cannot have. */
export function openChat(parts: Bubbled, chat: string, limit: number): OpenChat | undefined {
	const { network, owner } = parts;
	const isGroup = chat.endsWith('@g.us');
	const group = groupOf(network, chat);
	if (isGroup ? !group && parts.messages.length === 0 : !network.accounts.has(chat)) return undefined;
	const { bubbles, older } = bubblesOf({ ...parts, group }, limit);
	const role = group && memberOf(group, owner)?.role;
	const closed = isGroup ? closedGroup(group, owner) : undefined;
	return {
		id: chat,
		title: titleOf(network, chat),
		group: isGroup,
		description: group?.description?.body ?? '',
		members: (role && group ? group.participants : []).map((member) => ({
			...person(network, member.lid),
			role: member.role,
		})),
		requests: role && group ? group.requests.map(({ lid }) => person(network, lid)) : [],
		...(role && { role }),
		...(closed !== undefined && { closed }),
		announce: group?.announce ?? false,
		approval: group?.approval ?? false,
		...(role && group && { inviteCode: group.inviteCode }),
		bubbles,
		older,
	};
}

function closedGroup(group: Group | undefined, owner: Account): string | undefined {
	if (!group) return 'The group is gone.';
	if (!memberOf(group, owner)) return 'Not a member of this group.';
	return group.announce && !isAdmin(group, owner) ? 'Only admins may write here.' : undefined;
}

function person(network: Network, lid: string): Person {
	return personNamed({ network }, accountByLid(network, lid)?.phone ?? lid);
}
