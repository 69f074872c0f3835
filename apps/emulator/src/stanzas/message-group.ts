import { membersOf } from '../actions/group-notices.ts';
import { groupJid, lidJid, parseJid, pnJid } from '../binary/jid.ts';
import { attr, node, type Stanza } from '../binary/node.ts';
import { type Endpoint, endpointOf, endpointsOf, lidOf, pnOf, sameEndpoint } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { groupFor, isAdmin } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Group } from '../network/state.ts';
import { commonAttrs, type Parts, partsOf } from './message-parts.ts';

/**
 * A group message goes to every endpoint of every member except the one that sent it. Each gets its own `<enc>` with the
 * sender key, when the sender had one for it, and then the one that is the same for all: clients work through them in that
 * order. With a `participant` it is an answer to that device's retry receipt, and for it alone.
 */
export function relayToGroup(ctx: Context, sender: Endpoint, message: Stanza): void {
	const group = groupFor(ctx.network, parseJid(attr(message, 'to'))?.user ?? '', sender.account);
	if (group.announce && !isAdmin(group, sender.account))
		throw new Refusal(403, 'Only admins may write here.');
	const parts = partsOf(message);
	for (const recipient of recipients(ctx, group, sender, message)) {
		const own = encsFor(parts, recipient);
		ctx.post.deliver(
			recipient,
			node('message', attrsFrom(group, sender, message, ctx.nowMs()), [
				...own,
				...parts.shared,
				...parts.deviceIdentity,
				...parts.extras,
			]),
		);
	}
}

function recipients(ctx: Context, group: Group, sender: Endpoint, message: Stanza): Endpoint[] {
	const { participant } = message.attrs;
	if (participant === undefined) {
		const all = membersOf(ctx, group).flatMap(endpointsOf);
		return all.filter((endpoint) => !sameEndpoint(endpoint, sender));
	}
	const only = endpointOf(ctx.network, participant);
	const member = only && group.participants.some(({ lid }) => lid === only.account.lid);
	return member ? [only] : [];
}

function encsFor(parts: Parts, recipient: Endpoint): readonly Stanza[] {
	return parts.byDevice.get(lidOf(recipient)) ?? parts.byDevice.get(pnOf(recipient)) ?? [];
}

function attrsFrom(group: Group, sender: Endpoint, message: Stanza, nowMs: number): Record<string, string> {
	const { account, deviceId } = sender;
	return {
		from: groupJid(group.id),
		participant: lidJid(account.lid, deviceId),
		participant_pn: pnJid(account.phone, deviceId),
		addressing_mode: 'lid',
		...commonAttrs(message, account, nowMs),
	};
}
