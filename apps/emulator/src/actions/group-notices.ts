import { groupJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { accountByLid } from '../network/accounts.ts';
import { personIn } from '../network/addressing.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { isAdmin } from '../network/groups.ts';
import type { Account, Group } from '../network/state.ts';
import { memberNode } from './group-node.ts';

/**
 * Tells every linked device of the audience, the actor's own included, what the actor did to the group. Each device gets a
 * notification with exactly one child, since clients look at the first one only.
 */
export function announce(
	ctx: Context,
	group: Group,
	actor: Account,
	child: Stanza,
	audience: Iterable<Account> = membersOf(ctx, group),
): void {
	const notification = node(
		'notification',
		{
			from: groupJid(group.id),
			type: 'w:gp2',
			id: newStanzaId(),
			t: seconds(ctx.nowMs()),
			...personIn(group, actor).asAttrs,
			notify: actor.pushName,
		},
		[child],
	);
	for (const account of audience) {
		for (const device of account.devices) ctx.post.deliver({ account, deviceId: device.id }, notification);
	}
}

/** Tells the admins that somebody wants to join, or that a member wants somebody to. */
export function announceRequest(ctx: Context, group: Group, account: Account, by: Account = account): void {
	const attrs = { request_method: by === account ? 'invite_link' : 'non_admin_add' };
	const child = node('created_membership_requests', attrs, [memberNode(group, account)]);
	announce(ctx, group, by, child, adminsOf(ctx, group));
}

export function adminsOf(ctx: Context, group: Group): Account[] {
	return membersOf(ctx, group).filter((account) => isAdmin(group, account));
}

export function membersOf(ctx: Context, group: Group): Account[] {
	return group.participants.flatMap(({ lid }) => accountByLid(ctx.network, lid) ?? []);
}
