import { MalformedStanza, type Stanza } from '../binary/node.ts';
import { deviceOf, type Endpoint } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { acknowledge } from '../network/queue.ts';
import { answerIq } from './iq.ts';
import { receiveMessage } from './message.ts';
import { receiveReceipt } from './receipt.ts';

type Handler = (ctx: Context, from: Endpoint, stanza: Stanza, reply: (stanza: Stanza) => void) => void;

/** What clients send, by tag. Presence, typing and telemetry have no effect here. */
const HANDLERS: Readonly<Record<string, Handler>> = {
	iq: answerIq,
	message: receiveMessage,
	receipt: (ctx, from, stanza) => receiveReceipt(ctx, from, stanza),
	ack(ctx, from, stanza) {
		const device = deviceOf(from.account, from.deviceId);
		if (device && acknowledge(device, stanza)) ctx.changed();
	},
};

export const dispatch: Handler = (ctx, from, stanza, reply) => {
	checkRepeatable(stanza);
	if (Object.hasOwn(HANDLERS, stanza.tag)) HANDLERS[stanza.tag]?.(ctx, from, stanza, reply);
};

/**
 * Baileys 7.0.0-rc14 looks texts up in a plain object when it encodes them, so it writes `toString` or `constructor` as nonsense.
 * It repeats ids and types in its acknowledgements: whoever sent one of those words would get others cut off.
 */
function checkRepeatable({ attrs, content }: Stanza): void {
	for (const value of Object.values(attrs)) {
		if (value in Object.prototype) throw new MalformedStanza(`"${value}" is no value of an attribute.`);
	}
	if (content !== undefined && !(content instanceof Uint8Array)) content.forEach(checkRepeatable);
}
