import { isGroupJid } from '../binary/jid.ts';
import { attr, node, type Stanza } from '../binary/node.ts';
import type { Endpoint } from '../network/accounts.ts';
import { type Context, seconds } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import { relayDirect } from './message-direct.ts';
import { relayToGroup } from './message-group.ts';

/**
 * Takes a message from an endpoint and passes it on. Everything happens in one go, so the order in which messages of a group
 * arrive here is the order in which every member gets them. Throws `Refusal`.
 */
export function relayMessage(ctx: Context, sender: Endpoint, message: Stanza): void {
	if (isGroupJid(attr(message, 'to'))) relayToGroup(ctx, sender, message);
	else relayDirect(ctx, sender, message);
}

/** A message from a client: relayed and acknowledged, or refused with an error in the acknowledgement. */
export function receiveMessage(
	ctx: Context,
	sender: Endpoint,
	message: Stanza,
	reply: (stanza: Stanza) => void,
): void {
	const { participant } = message.attrs;
	const ack = {
		class: 'message',
		id: attr(message, 'id'),
		from: attr(message, 'to'),
		t: seconds(ctx.nowMs()),
		participant,
	};
	try {
		relayMessage(ctx, sender, message);
		reply(node('ack', ack));
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		ctx.log.info({ id: ack.id, code: error.code }, 'message refused');
		reply(node('ack', { ...ack, error: String(error.code) }));
	}
}
