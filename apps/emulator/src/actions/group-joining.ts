import { node, type Stanza } from '../binary/node.ts';
import { accountOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import * as invites from '../network/group-invites.ts';
import { admit, noteRequest } from '../network/group-members.ts';
import { MAX_PARTICIPANTS } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group } from '../network/state.ts';
import { approvalNode, memberNode } from './group-node.ts';
import { adminsOf, announce, announceRequest, membersOf } from './group-notices.ts';
import { createNotice, mustBeAdmin } from './groups.ts';

/**
 * The ways into a group other than being added: the invitation link, a request that admins decide on, and the invitation that
 * travels as a message. Each function checks, changes the group and notifies.
 */
export type Joined = { readonly group: Group; readonly requested: boolean };

/** Follows an invitation link. Where admins decide, it is only a request. */
export function join(ctx: Context, code: string, actor: Account): Joined {
	const group = invites.groupByInvite(ctx.network, code);
	invites.checkMayJoin(group, actor, 'link');
	if (group.approval) {
		noteRequest(group, actor, 'invite_link', ctx.nowMs());
		announceRequest(ctx, group, actor);
		ctx.changed();
		return { group, requested: true };
	}
	enter(ctx, group, actor, actor, 'invite');
	return { group, requested: false };
}

export function revokeInvite(ctx: Context, group: Group, actor: Account): string {
	mustBeAdmin(group, actor);
	const code = invites.revokeInvite(group);
	announce(ctx, group, actor, node('invite', { code }));
	ctx.changed();
	return code;
}

export function setApproval(ctx: Context, group: Group, actor: Account, on: boolean): void {
	mustBeAdmin(group, actor);
	group.approval = on;
	announce(ctx, group, actor, approvalNode(on));
	ctx.changed();
}

export type Decision = 'approve' | 'reject';
export type Decided = { readonly jid: string; readonly account?: Account; readonly code: 200 | 404 | 419 };

/** Lets people in who have asked, or not. 404 for those who have not, 419 when the group is full. */
export function decide(
	ctx: Context,
	group: Group,
	actor: Account,
	decision: Decision,
	jids: readonly string[],
): Decided[] {
	mustBeAdmin(group, actor);
	return jids.map((jid) => {
		const account = accountOf(ctx.network, jid);
		if (!account || !group.requests.some(({ lid }) => lid === account.lid)) return { jid, code: 404 };
		if (decision === 'reject') reject(ctx, group, actor, account);
		else if (group.participants.length >= MAX_PARTICIPANTS) return { jid, account, code: 419 };
		else enter(ctx, group, actor, account, undefined);
		return { jid, account, code: 200 };
	});
}

/** Accepts an invitation that came as a message from `admin`. */
export function acceptPersonalInvite(
	ctx: Context,
	group: Group,
	actor: Account,
	offer: { code: string; admin: string },
): void {
	const admin = accountOf(ctx.network, offer.admin);
	invites.checkMayJoin(group, actor, 'personal');
	invites.personalInviteFor(group, actor, { code: offer.code, admin }, ctx.nowMs());
	enter(ctx, group, admin ?? actor, actor, 'invite');
}

export function revokePersonalInvites(
	ctx: Context,
	group: Group,
	actor: Account,
	jids: readonly string[],
): void {
	for (const jid of jids) {
		const account = accountOf(ctx.network, jid);
		if (!account) throw new Refusal(404, 'There is no such invitation.');
		invites.revokePersonalInvite(group, actor, account);
	}
	ctx.changed();
}

/** The requests as admins see them. */
export function requestNodes(ctx: Context, group: Group): Stanza[] {
	return group.requests.flatMap(({ lid, method, atMs }) => {
		const account = accountOf(ctx.network, `${lid}@lid`);
		if (!account) return [];
		const { attrs } = memberNode(group, account);
		const time = String(Math.floor(atMs / 1000));
		return [node('membership_approval_request', { ...attrs, request_method: method, request_time: time })];
	});
}

function enter(
	ctx: Context,
	group: Group,
	actor: Account,
	account: Account,
	reason: string | undefined,
): void {
	const before = membersOf(ctx, group);
	admit(group, account);
	announce(ctx, group, actor, node('add', { reason }, [memberNode(group, account)]), before);
	announce(ctx, group, actor, createNotice(ctx, group), [account]);
	ctx.changed();
}

function reject(ctx: Context, group: Group, actor: Account, account: Account): void {
	group.requests = group.requests.filter(({ lid }) => lid !== account.lid);
	const child = node('revoked_membership_requests', {}, [memberNode(group, account)]);
	announce(ctx, group, actor, child, new Set([...adminsOf(ctx, group), account]));
	ctx.changed();
}
