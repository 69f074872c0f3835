import { accountOf } from './accounts.ts';
import { checkMayJoin, createPersonalInvite } from './group-invites.ts';
import { isAdmin, MAX_PARTICIPANTS, memberOf } from './groups.ts';
import { Refusal } from './refusal.ts';
import type { Account, Group, Network, Participant, PersonalInvite } from './state.ts';

export type ParticipantAction = 'add' | 'remove' | 'promote' | 'demote';

/** What became of one participant in a request; 200 is success. The codes are those of WhatsApp. */
export type ParticipantResult = {
	readonly jid: string;
	readonly account?: Account;
	readonly code: ResultCode;
	/** With 403 from someone who wants to be asked: the invitation to send. */
	readonly invite?: PersonalInvite;
	/** Not in yet: an admin has to approve. */
	readonly requested?: true;
};
export type ResultCode = 200 | 403 | 404 | 409 | 419;

/** Who changes what, and when. */
export type Change = {
	readonly network: Network;
	readonly group: Group;
	readonly actor: Account;
	readonly nowMs: number;
};

/**
 * Adds, removes, promotes or demotes. The request as a whole is refused with 403 when the actor may not act; otherwise every
 * participant has a code: 404 unknown number or no member, 409 already so, 419 the group is full, 403 not this one (the creator;
 * or someone who does not let the actor add them, and then there is an invitation), 200 done.
 */
export function changeParticipants(
	change: Change,
	action: ParticipantAction,
	jids: readonly string[],
): ParticipantResult[] {
	const { group, actor } = change;
	const open = action === 'add' && group.memberAddMode === 'all_member_add';
	if (!open && !isAdmin(group, actor)) throw new Refusal(403, 'Only admins of the group may do that.');
	const changeOne = { add: addOne, remove: removeOne, promote: promoteOne, demote: demoteOne }[action];
	return jids.map((jid) => changeOne(change, jid));
}

export function addOne(change: Change, jid: string): ParticipantResult {
	const { network, group, actor, nowMs } = change;
	const account = accountOf(network, jid);
	if (!account) return { jid, code: 404 };
	if (memberOf(group, account)) return { jid, account, code: 409 };
	if (group.participants.length >= MAX_PARTICIPANTS) return { jid, account, code: 419 };
	if (!mayAdd(actor, account)) {
		return { jid, account, code: 403, invite: createPersonalInvite(group, actor, account, nowMs) };
	}
	if (group.approval && !isAdmin(group, actor)) {
		noteRequest(group, account, 'non_admin_add', nowMs);
		return { jid, account, code: 200, requested: true };
	}
	admit(group, account);
	return { jid, account, code: 200 };
}

/** Makes the account a member; whatever stood in its way is forgotten. */
export function admit(group: Group, account: Account): void {
	const others = <Item extends { lid: string }>(items: Item[]) =>
		items.filter(({ lid }) => lid !== account.lid);
	group.participants.push({ lid: account.lid, role: 'member' });
	group.requests = others(group.requests);
	group.personalInvites = others(group.personalInvites);
	group.removed = group.removed.filter((lid) => lid !== account.lid);
}

/** Comes in without being asked for anything but room. */
export function joinGroup(group: Group, account: Account): void {
	checkMayJoin(group, account, 'personal');
	admit(group, account);
}

export function noteRequest(
	group: Group,
	account: Account,
	method: Group['requests'][number]['method'],
	atMs: number,
): void {
	if (group.requests.some(({ lid }) => lid === account.lid)) return;
	group.requests.push({ lid: account.lid, method, atMs });
}

/** Whether the person lets the actor put them into groups (privacy setting `groupadd`). */
function mayAdd(actor: Account, account: Account): boolean {
	const setting = account.privacy.groupadd ?? 'all';
	if (setting === 'all') return true;
	return setting !== 'none' && account.contacts.includes(actor.phone);
}

function removeOne({ network, group }: Change, jid: string): ParticipantResult {
	return ofMember(network, group, jid, (member) => {
		if (member.role === 'superadmin') return 403;
		group.participants = group.participants.filter((participant) => participant !== member);
		group.removed.push(member.lid);
		return 200;
	});
}

function promoteOne({ network, group }: Change, jid: string): ParticipantResult {
	return ofMember(network, group, jid, (member) => {
		if (member.role !== 'member') return 409;
		member.role = 'admin';
		return 200;
	});
}

function demoteOne({ network, group }: Change, jid: string): ParticipantResult {
	return ofMember(network, group, jid, (member) => {
		if (member.role === 'superadmin') return 403;
		if (member.role === 'member') return 409;
		member.role = 'member';
		return 200;
	});
}

function ofMember(
	network: Network,
	group: Group,
	jid: string,
	change: (member: Participant) => ResultCode,
): ParticipantResult {
	const account = accountOf(network, jid);
	const member = account && memberOf(group, account);
	return member ? { jid, account, code: change(member) } : { jid, code: 404 };
}
