import { membersOf } from '../actions/group-notices.ts';
import { groupJid, parseJid } from '../binary/jid.ts';
import { attr, node, type Stanza } from '../binary/node.ts';
import { type Endpoint, endpointOf, endpointsOf, lidOf, pnOf, sameEndpoint } from '../network/accounts.ts';
import { addressIn } from '../network/addressing.ts';
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
	const attrs = attrsFrom(group, sender, message, ctx.nowMs());
	const copy = (content: readonly Stanza[]) =>
		node('message', attrs, [...content, ...parts.deviceIdentity, ...parts.extras]);
	// The same stanza for as many as possible: it is encoded once.
	const forAll = copy(parts.shared);
	const fromPhone = sender.deviceId === 0 && parts.plaintext.length > 0;
	const forPhones = fromPhone ? copy(parts.plaintext) : forAll;
	for (const recipient of recipients(ctx, group, sender, message)) {
		const own = encsFor(parts, recipient);
		if (own.length > 0) ctx.post.deliver(recipient, copy([...own, ...parts.shared]));
		else ctx.post.deliver(recipient, recipient.deviceId === 0 ? forPhones : forAll);
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
	if (parts.byDevice.size === 0) return [];
	return parts.byDevice.get(lidOf(recipient)) ?? parts.byDevice.get(pnOf(recipient)) ?? [];
}

function attrsFrom(group: Group, sender: Endpoint, message: Stanza, nowMs: number): Record<string, string> {
	return {
		from: groupJid(group.id),
		...addressIn(group, sender).asAttrs,
		...commonAttrs(message, sender.account, nowMs),
	};
}
