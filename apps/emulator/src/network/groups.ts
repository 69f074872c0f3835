import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Account, Group, Network, Participant } from './state.ts';

const MAX_SUBJECT_CHARACTERS = 100;
/** How many members a group may have. */
export const MAX_PARTICIPANTS = 1024;

export function createGroup(
	network: Network,
	creator: Account,
	subject: string,
	{ nowMs, addressing = 'lid' }: { nowMs: number; addressing?: Group['addressing'] | undefined },
): Group {
	const group: Group = {
		id: `120363${String(++network.sequence).padStart(12, '0')}`,
		subject: checkedSubject(subject),
		subjectOwner: creator.lid,
		subjectAtMs: nowMs,
		creator: creator.lid,
		createdAtMs: nowMs,
		participants: [{ lid: creator.lid, role: 'superadmin' }],
		announce: false,
		locked: false,
		memberAddMode: 'admin_add',
		ephemeralSeconds: 0,
		addressing,
		approval: false,
		requests: [],
		removed: [],
		personalInvites: [],
		inviteCode: newInviteCode(),
		revokedInviteCodes: [],
	};
	network.groups.set(group.id, group);
	return group;
}

/** The group, for one of its members. 404 when there is none, 403 for everyone else. */
export function groupFor(network: Network, id: string, account: Account): Group {
	const group = network.groups.get(id);
	if (!group) throw new Refusal(404, 'There is no such group.');
	if (!memberOf(group, account)) throw new Refusal(403, 'The account is not a member of the group.');
	return group;
}

export function groupForAdmin(network: Network, id: string, account: Account): Group {
	const group = groupFor(network, id, account);
	if (!isAdmin(group, account)) throw new Refusal(403, 'Only admins of the group may do that.');
	return group;
}

export function memberOf(group: Group, account: Account): Participant | undefined {
	return group.participants.find((participant) => participant.lid === account.lid);
}

export function isAdmin(group: Group, account: Account): boolean {
	const role = memberOf(group, account)?.role;
	return role === 'admin' || role === 'superadmin';
}

export function groupsOf(network: Network, account: Account): Group[] {
	return [...network.groups.values()].filter((group) => memberOf(group, account));
}

/** Takes the account out. When no admin is left, the oldest member becomes one and is returned. */
export function leaveGroup(group: Group, account: Account): Participant | undefined {
	group.participants = group.participants.filter((participant) => participant.lid !== account.lid);
	if (group.participants.some((participant) => participant.role !== 'member')) return undefined;
	const heir = group.participants[0];
	if (heir) heir.role = 'admin';
	return heir;
}

export function checkedSubject(subject: string): string {
	if (subject === '' || [...subject].length > MAX_SUBJECT_CHARACTERS) {
		throw new Refusal(406, `A subject has 1 to ${MAX_SUBJECT_CHARACTERS} characters.`);
	}
	return subject;
}

export function newInviteCode(): string {
	return randomBytes(16).toString('base64url');
}
