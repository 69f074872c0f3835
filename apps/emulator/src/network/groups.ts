import { randomBytes } from 'node:crypto';
import { accountOf } from './accounts.ts';
import { Refusal } from './refusal.ts';
import type { Account, Group, Network, Participant } from './state.ts';

const MAX_SUBJECT_CHARACTERS = 100;
const MAX_PARTICIPANTS = 1024;

/** What became of one participant in a request; 200 is success. The codes are those of WhatsApp. */
export type ParticipantResult = {
	readonly jid: string;
	readonly account?: Account;
	readonly code: ResultCode;
};
export type ResultCode = 200 | 403 | 404 | 406 | 409;

export function createGroup(
	network: Network,
	creator: Account,
	subject: string,
	jids: readonly string[],
	nowMs: number,
): { group: Group; results: ParticipantResult[] } {
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
		inviteCode: newInviteCode(),
		revokedInviteCodes: [],
	};
	network.groups.set(group.id, group);
	const others = jids.filter((jid) => accountOf(network, jid) !== creator);
	return { group, results: others.map((jid) => addOne(network, group, jid)) };
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

export type ParticipantAction = 'add' | 'remove' | 'promote' | 'demote';

/**
 * Adds, removes, promotes or demotes. The request as a whole is refused with 403 when the actor may not act; otherwise every
 * participant has a code: 404 unknown number or no member, 409 already so, 403 not this one (the creator), 200 done.
 */
export function changeParticipants(
	network: Network,
	group: Group,
	actor: Account,
	action: ParticipantAction,
	jids: readonly string[],
): ParticipantResult[] {
	const open = action === 'add' && group.memberAddMode === 'all_member_add';
	if (!open && !isAdmin(group, actor)) throw new Refusal(403, 'Only admins of the group may do that.');
	const change = { add: addOne, remove: removeOne, promote: promoteOne, demote: demoteOne }[action];
	return jids.map((jid) => change(network, group, jid));
}

/** Takes the account out. When no admin is left, the oldest member becomes one and is returned. */
export function leaveGroup(group: Group, account: Account): Participant | undefined {
	group.participants = group.participants.filter((participant) => participant.lid !== account.lid);
	if (group.participants.some((participant) => participant.role !== 'member')) return undefined;
	const heir = group.participants[0];
	if (heir) heir.role = 'admin';
	return heir;
}

export function joinGroup(group: Group, account: Account): void {
	if (memberOf(group, account)) throw new Refusal(409, 'The account is already a member.');
	if (group.participants.length >= MAX_PARTICIPANTS) throw new Refusal(419, 'The group is full.');
	group.participants.push({ lid: account.lid, role: 'member' });
}

/** The group an invitation leads to: 410 once the code was revoked, 404 when it never existed. */
export function groupByInvite(network: Network, code: string): Group {
	for (const group of network.groups.values()) {
		if (group.inviteCode === code) return group;
		if (group.revokedInviteCodes.includes(code)) throw new Refusal(410, 'The invitation was revoked.');
	}
	throw new Refusal(404, 'There is no such invitation.');
}

export function revokeInvite(group: Group): string {
	group.revokedInviteCodes.push(group.inviteCode);
	group.inviteCode = newInviteCode();
	return group.inviteCode;
}

export function checkedSubject(subject: string): string {
	if (subject === '' || [...subject].length > MAX_SUBJECT_CHARACTERS) {
		throw new Refusal(406, `A subject has 1 to ${MAX_SUBJECT_CHARACTERS} characters.`);
	}
	return subject;
}

function addOne(network: Network, group: Group, jid: string): ParticipantResult {
	const account = accountOf(network, jid);
	if (!account) return { jid, code: 404 };
	if (memberOf(group, account)) return { jid, account, code: 409 };
	if (group.participants.length >= MAX_PARTICIPANTS) return { jid, account, code: 406 };
	group.participants.push({ lid: account.lid, role: 'member' });
	return { jid, account, code: 200 };
}

function removeOne(network: Network, group: Group, jid: string): ParticipantResult {
	return ofMember(network, group, jid, (member) => {
		if (member.role === 'superadmin') return 403;
		group.participants = group.participants.filter((participant) => participant !== member);
		return 200;
	});
}

function promoteOne(network: Network, group: Group, jid: string): ParticipantResult {
	return ofMember(network, group, jid, (member) => {
		if (member.role !== 'member') return 409;
		member.role = 'admin';
		return 200;
	});
}

function demoteOne(network: Network, group: Group, jid: string): ParticipantResult {
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

function newInviteCode(): string {
	return randomBytes(16).toString('base64url');
}
