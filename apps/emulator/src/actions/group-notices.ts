import { groupJid, lidJid, pnJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { accountByLid } from '../network/accounts.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import type { Account, Group } from '../network/state.ts';

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
			participant: lidJid(actor.lid),
			participant_pn: pnJid(actor.phone),
			addressing_mode: 'lid',
			notify: actor.pushName,
		},
		[child],
	);
	for (const account of audience) {
		for (const device of account.devices) ctx.post.deliver({ account, deviceId: device.id }, notification);
	}
}

export function membersOf(ctx: Context, group: Group): Account[] {
	return group.participants.flatMap(({ lid }) => accountByLid(ctx.network, lid) ?? []);
}
