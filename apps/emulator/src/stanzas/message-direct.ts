import { isLidJid, lidJid, pnJid } from '../binary/jid.ts';
import { attr, node, type Stanza } from '../binary/node.ts';
import { accountOf, type Endpoint, endpointOf, lidOf, pnOf, sameEndpoint } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import { commonAttrs, type Parts, partsOf } from './message-parts.ts';

/**
 * A direct message comes ready for each device: those of the recipient and the sender's own other ones. It is passed on in
 * the namespace (number or hidden id) in which the sender addressed the chat, with the other one beside it.
 * From someone whom the recipient has blocked it goes nowhere, and the sender does not hear of that.
 * Without a list of devices it is for the one device it is addressed to: an answer to a retry receipt, or a message of a
 * companion to its own phone (`category="peer"`).
 */
export function relayDirect(ctx: Context, sender: Endpoint, message: Stanza): void {
	const to = attr(message, 'to');
	const chat = accountOf(ctx.network, message.attrs.recipient ?? to);
	if (!chat) throw new Refusal(404, 'Nobody has this address.');
	if (chat.blocked.includes(sender.account.lid)) return;
	const parts = partsOf(message);
	const copies = parts.byDevice.size > 0 ? [...parts.byDevice] : [[to, parts.shared] as const];
	for (const [jid, encs] of copies) {
		const recipient = endpointOf(ctx.network, jid);
		if (!recipient || sameEndpoint(recipient, sender)) continue;
		const own = recipient.account === sender.account;
		if (!own && recipient.account !== chat) continue;
		ctx.post.deliver(recipient, copy(ctx, sender, message, { recipient, own, encs, parts }));
	}
}

function copy(ctx: Context, sender: Endpoint, message: Stanza, target: Target): Stanza {
	const to = attr(message, 'to');
	const lid = isLidJid(to);
	const { category } = message.attrs;
	const chat = accountOf(ctx.network, message.attrs.recipient ?? to);
	const chatJid = chat && (lid ? lidJid(chat.lid) : pnJid(chat.phone));
	const attrs = {
		from: lid ? lidOf(sender) : pnOf(sender),
		...(lid ? { sender_pn: pnJid(sender.account.phone) } : { sender_lid: lidJid(sender.account.lid) }),
		recipient: target.own && category !== 'peer' ? chatJid : undefined,
		category,
		...commonAttrs(message, sender.account, ctx.nowMs()),
	};
	const { deviceIdentity, extras } = target.parts;
	return node('message', attrs, [...target.encs, ...deviceIdentity, ...extras]);
}

type Target = {
	readonly recipient: Endpoint;
	readonly own: boolean;
	readonly encs: readonly Stanza[];
	readonly parts: Parts;
};
