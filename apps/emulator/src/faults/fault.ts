import { z } from 'zod';

/**
 * What can be made to go wrong, one kind each. A fault waits until a stanza fits its `match`, works on it, and is spent after
 * `count` times. The vocabulary is that of the wire. Unknown fields are refused, so that a misspelt one is noticed.
 */
const matchSchema = z
	.strictObject({
		tag: z.string().min(1).optional().describe('iq, message, receipt, ack, notification …'),
		xmlns: z.string().min(1).optional(),
		type: z.string().min(1).optional(),
		child: z.string().min(1).optional().describe('Tag of the first child'),
		class: z.string().min(1).optional().describe('What an ack is for'),
		id: z.string().min(1).optional(),
	})
	.describe('The stanzas that are meant; what is left out may be anything.');

const when = {
	device: z
		.string()
		.regex(
			/^[0-9]{5,15}(:[0-9]{1,3}@s\.whatsapp\.net)?$/,
			'must be a number, or a device like 15550001111:1@s.whatsapp.net',
		)
		.optional()
		.describe(
			'Only for the devices of this number, or for this device; else for all, unlinked ones included',
		),
	skip: z.number().int().min(0).max(1_000_000).optional().describe('So many that fit are let through first'),
	count: z
		.number()
		.int()
		.min(1)
		.max(1_000_000)
		.optional()
		.describe('How often it works: without it once, or with forMs as often as something fits'),
	forMs: z.number().int().min(1).max(86_400_000).optional().describe('It ends after this time'),
};
const direction = z
	.enum(['received', 'sent'])
	.default('received')
	.describe('Stanzas that the server receives, or sends');
const moment = z
	.enum(['before', 'after'])
	.default('before')
	.describe('Before it is handled (sent), or after that but before the answer');
const code = z.number().int().min(100).max(999);
const delayMs = z.number().int().min(1).max(600_000);

export const faultSchema = z.discriminatedUnion('kind', [
	z
		.strictObject({
			kind: z.literal('error'),
			match: matchSchema,
			code,
			text: z.string().min(1).max(100).optional(),
			...when,
		})
		.describe(
			'A query is answered with this error; a message is acknowledged with it (463, say) and goes nowhere.',
		),
	z
		.strictObject({
			kind: z.literal('silence'),
			match: matchSchema,
			handled: z.boolean().default(false).describe('Done all the same'),
			...when,
		})
		.describe('No answer, no acknowledgement.'),
	z
		.strictObject({ kind: z.literal('delay'), match: matchSchema, direction, delayMs, ...when })
		.describe('Handled, or sent, so much later.'),
	z
		.strictObject({ kind: z.literal('drop'), match: matchSchema.optional(), direction, moment, ...when })
		.describe('The connection is cut at a stanza; without match at once.'),
	z
		.strictObject({
			kind: z.literal('stream-error'),
			match: matchSchema.optional(),
			direction,
			moment,
			code,
			...when,
		})
		.describe(
			'The connection ends with a stream error at a stanza; without match at once. 440 is the conflict of a replaced one.',
		),
	z
		.strictObject({
			kind: z.literal('login-failure'),
			code,
			expireSeconds: z.number().int().min(1).optional().describe('For how long, as a ban for a while says'),
			...when,
		})
		.describe('A login is turned away with this reason, and so is a client that is not linked yet.'),
	z
		.strictObject({ kind: z.literal('passkey'), ...when })
		.describe('A device that is scanned or typed in is asked for a passkey instead of being linked.'),
	z.strictObject({ kind: z.literal('duplicate'), match: matchSchema, ...when }).describe('Sent twice.'),
	z
		.strictObject({ kind: z.literal('reorder'), match: matchSchema, ...when })
		.describe('Held back until the next stanza of its tag has overtaken it.'),
	z
		.strictObject({ kind: z.literal('lose'), match: matchSchema, ...when })
		.describe("Never sent. What waits in the device's queue stays there until the next login."),
	z
		.strictObject({ kind: z.literal('freeze'), forMs: when.forMs })
		.describe('The server accepts connections and says nothing; afterwards it goes on where it stopped.'),
	z
		.strictObject({ kind: z.literal('offline'), device: when.device, forMs: when.forMs })
		.describe('No network: connections are cut, and so is every new one, until it ends or is removed.'),
	z
		.strictObject({
			kind: z.literal('clock'),
			offsetMs: z.number().int().min(-31_536_000_000).max(31_536_000_000),
			forMs: when.forMs,
		})
		.describe("The server's clock is wrong by so much."),
	z
		.strictObject({ kind: z.literal('restart'), downMs: z.number().int().min(0).max(600_000).default(0) })
		.describe('Stops the server and starts it again on the same ports, from its saved state.'),
]);

export const activeFaultSchema = z.object({
	id: z.string(),
	fault: faultSchema,
	hits: z.number().int().describe('How often it has worked so far'),
	spent: z.boolean().describe('It will not work any more, or has done what it does at once'),
});

export type Fault = z.infer<typeof faultSchema>;
/** As it is written down by hand, without the defaults. */
export type FaultInput = z.input<typeof faultSchema>;
export type Match = z.infer<typeof matchSchema>;
export type ActiveFault = z.infer<typeof activeFaultSchema>;
/** The faults that work on single stanzas. */
export type StanzaFault = Extract<Fault, { match?: Match | undefined }>;
