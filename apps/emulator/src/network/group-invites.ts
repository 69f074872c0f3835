import { isAdmin, MAX_PARTICIPANTS, memberOf, newInviteCode } from './groups.ts';
import { Refusal } from './refusal.ts';
import type { Account, Group, Network, PersonalInvite } from './state.ts';

const PERSONAL_INVITE_LIFETIME_MS = 3 * 24 * 60 * 60 * 1000;

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

/** Whether the account may come in: 409 it is in, 419 the group is full, 405 an admin has put it out (link only). */
export function checkMayJoin(group: Group, account: Account, way: 'link' | 'personal'): void {
	if (memberOf(group, account)) throw new Refusal(409, 'The account is already a member.');
	if (group.participants.length >= MAX_PARTICIPANTS) throw new Refusal(419, 'The group is full.');
	if (way === 'link' && group.removed.includes(account.lid)) {
		throw new Refusal(405, 'The account was removed from the group, so the invitation is not for it.');
	}
}

/** An invitation for one person, in place of an earlier one. */
export function createPersonalInvite(
	group: Group,
	by: Account,
	account: Account,
	nowMs: number,
): PersonalInvite {
	const expiresAtMs = nowMs + PERSONAL_INVITE_LIFETIME_MS;
	const invite = { lid: account.lid, by: by.lid, code: newInviteCode().slice(0, 16), expiresAtMs };
	group.personalInvites = [...group.personalInvites.filter(({ lid }) => lid !== account.lid), invite];
	return invite;
}

/** Finds the invitation that the account accepts: 404 not for it, or revoked; 410 too late. */
export function personalInviteFor(
	group: Group,
	account: Account,
	offer: { code: string; admin: Account | undefined },
	nowMs: number,
): PersonalInvite {
	const invite = group.personalInvites.find(({ lid, code }) => lid === account.lid && code === offer.code);
	if (!invite || invite.by !== offer.admin?.lid) throw new Refusal(404, 'There is no such invitation.');
	if (nowMs >= invite.expiresAtMs) throw new Refusal(410, 'The invitation has expired.');
	return invite;
}

/** Takes an invitation back; admins may take back anybody's, everyone their own. */
export function revokePersonalInvite(group: Group, actor: Account, account: Account): void {
	const invite = group.personalInvites.find(({ lid }) => lid === account.lid);
	if (!invite) throw new Refusal(404, 'There is no such invitation.');
	if (invite.by !== actor.lid && !isAdmin(group, actor)) {
		throw new Refusal(403, 'Only admins may take back what others have sent.');
	}
	group.personalInvites = group.personalInvites.filter((other) => other !== invite);
}
