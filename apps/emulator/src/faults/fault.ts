import { z } from 'zod';

/**
 * What can be made to go wrong, one kind each. A fault waits until a stanza fits its `match`, works on it, and is spent after
 * `count` times. The vocabulary is that of the wire: `tag` iq, message, receipt, ack, notification …, `child` the tag of the
 * first child, `class` what an ack is for.
 */
const matchSchema = z.strictObject({
	tag: z.string().min(1).optional(),
	xmlns: z.string().min(1).optional(),
	type: z.string().min(1).optional(),
	child: z.string().min(1).optional(),
	class: z.string().min(1).optional(),
	id: z.string().min(1).optional(),
});

const when = {
	/** Only for the devices of this number, or for this device; without it for every connection, unlinked ones included. */
	device: z
		.string()
		.regex(
			/^[0-9]{5,15}(:[0-9]{1,3}@s\.whatsapp\.net)?$/,
			'must be a number, or a device like 15550001111:1@s.whatsapp.net',
		)
		.optional(),
	/** So many stanzas that fit are let through first. */
	skip: z.number().int().min(0).max(1_000_000).optional(),
	/** How often it works. Without it once, or with `forMs` as often as something fits. */
	count: z.number().int().min(1).max(1_000_000).optional(),
	/** It ends after this time. */
	forMs: z.number().int().min(1).max(86_400_000).optional(),
};
const direction = z.enum(['received', 'sent']).default('received');
const moment = z.enum(['before', 'after']).default('before');
const code = z.number().int().min(100).max(999);
const delayMs = z.number().int().min(1).max(600_000);

export const faultSchema = z.discriminatedUnion('kind', [
	/** A query is answered with this error; a message is acknowledged with it (463, say) and goes nowhere. */
	z.strictObject({
		kind: z.literal('error'),
		match: matchSchema,
		code,
		text: z.string().min(1).max(100).optional(),
		...when,
	}),
	/** No answer and no acknowledgement; `handled`: but done all the same. */
	z.strictObject({
		kind: z.literal('silence'),
		match: matchSchema,
		handled: z.boolean().default(false),
		...when,
	}),
	/** Handled, or sent, so much later. */
	z.strictObject({ kind: z.literal('delay'), match: matchSchema, direction, delayMs, ...when }),
	/**
	 * The connection is cut at a stanza: before it is handled (sent), or after that but before the answer. Without `match` at
	 * once.
	 */
	z.strictObject({ kind: z.literal('drop'), match: matchSchema.optional(), direction, moment, ...when }),
	/** `<stream:error>`, then the connection closes; 440 is the conflict of a replaced connection. Without `match` at once. */
	z.strictObject({
		kind: z.literal('stream-error'),
		match: matchSchema.optional(),
		direction,
		moment,
		code,
		...when,
	}),
	/** A login, or the connection of a client that is not linked yet, is turned away with this reason. */
	z.strictObject({ kind: z.literal('login-failure'), code, ...when }),
	/** Sent twice. */
	z.strictObject({ kind: z.literal('duplicate'), match: matchSchema, ...when }),
	/** Held back until the next stanza of its tag has overtaken it. */
	z.strictObject({ kind: z.literal('reorder'), match: matchSchema, ...when }),
	/** Never sent. What waits in the device's queue stays there until the next login. */
	z.strictObject({ kind: z.literal('lose'), match: matchSchema, ...when }),
	/** The server accepts connections and says nothing; afterwards it goes on where it stopped. */
	z.strictObject({ kind: z.literal('freeze'), forMs: when.forMs }),
	/** The server's clock is wrong by so much. */
	z.strictObject({
		kind: z.literal('clock'),
		offsetMs: z.number().int().min(-31_536_000_000).max(31_536_000_000),
		forMs: when.forMs,
	}),
	/** Stops the server and starts it again on the same port, from its saved state. */
	z.strictObject({ kind: z.literal('restart'), downMs: z.number().int().min(0).max(600_000).default(0) }),
]);

export const activeFaultSchema = z.object({
	id: z.string(),
	fault: faultSchema,
	/** How often it has worked so far. */
	hits: z.number().int(),
	/** It will not work any more, or has done what it does at once. */
	spent: z.boolean(),
});

export type Fault = z.infer<typeof faultSchema>;
/** As it is written down by hand, without the defaults. */
export type FaultInput = z.input<typeof faultSchema>;
export type Match = z.infer<typeof matchSchema>;
export type ActiveFault = z.infer<typeof activeFaultSchema>;
/** The faults that work on single stanzas. */
export type StanzaFault = Extract<Fault, { match?: Match | undefined }>;
