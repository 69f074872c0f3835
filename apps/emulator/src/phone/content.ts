import { z } from 'zod';

/** What a simulated person can send. `target` is the id of the message in the same chat that it is about. */
const target = z.string().min(1).max(64);
const text = z.string().min(1).max(65_536);
const phone = z.string().regex(/^[0-9]{5,15}$/, 'must be a number of 5 to 15 digits and nothing else');
const about = {
	/** The message that this one answers. */
	replyTo: target.optional(),
	/** People who are mentioned, by number. */
	mentions: z.array(phone).max(1024).optional(),
};
const file = {
	/** The file, base64. */
	data: z.base64().min(1),
	mimetype: z.string().min(1).max(200).optional(),
	caption: text.optional(),
	...about,
};

export const contentSchema = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('text'), text, ...about }),
	z.strictObject({ kind: z.literal('image'), ...file }),
	z.strictObject({ kind: z.literal('video'), ...file }),
	z.strictObject({ kind: z.literal('audio'), ...file, voice: z.boolean().optional() }),
	z.strictObject({ kind: z.literal('document'), ...file, fileName: z.string().min(1).max(255) }),
	/** An empty emoji takes the reaction back. */
	z.strictObject({ kind: z.literal('reaction'), target, emoji: z.string().max(32) }),
	z.strictObject({ kind: z.literal('edit'), target, text }),
	/** For everyone: an own message, or as an admin anybody's. */
	z.strictObject({ kind: z.literal('delete'), target }),
	z.strictObject({
		kind: z.literal('poll'),
		question: z.string().min(1).max(255),
		options: z.array(z.string().min(1).max(100)).min(2).max(12),
		/** How many may be chosen; 0 is any number. */
		selectable: z.number().int().min(0).max(12).default(0),
	}),
	/** None takes the vote back. */
	z.strictObject({ kind: z.literal('vote'), target, options: z.array(z.string()).max(12) }),
	z.strictObject({
		kind: z.literal('location'),
		latitude: z.number().min(-90).max(90),
		longitude: z.number().min(-180).max(180),
		name: z.string().max(255).optional(),
	}),
	z.strictObject({ kind: z.literal('contact'), name: z.string().min(1).max(255), phone }),
	/** An invitation for one person, as a refused attempt to add them gives it. */
	z.strictObject({
		kind: z.literal('group-invite'),
		group: z.string().regex(/^[0-9]+(@g\.us)?$/),
		code: z.string().min(1).max(64),
		expiresAtMs: z.number().int().min(0),
		caption: text.optional(),
	}),
]);

export type Content = z.infer<typeof contentSchema>;
/** As it is written down by hand, without the defaults. */
export type ContentInput = z.input<typeof contentSchema>;
