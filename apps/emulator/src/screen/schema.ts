import { z } from 'zod';

/** What a phone shows, as one picture: the phone page draws it and knows nothing else. Names are those that people see. */
const personSchema = z.object({ phone: z.string(), name: z.string() });

const fileSchema = z.object({ mimetype: z.string(), name: z.string().optional(), bytes: z.number().int() });

const pollSchema = z.object({
	/** How many may be chosen; 0 is any number. */
	selectable: z.number().int(),
	options: z.array(z.object({ name: z.string(), voters: z.array(personSchema) })),
	/** What the person whose phone this is has chosen. */
	mine: z.array(z.string()),
});

const inviteSchema = z.object({
	group: z.string(),
	code: z.string(),
	subject: z.string(),
	expired: z.boolean(),
});

const bubbleSchema = z.object({
	id: z.string(),
	author: personSchema,
	/** The person whose phone this is has written it, on whichever device. */
	own: z.boolean(),
	atMs: z.number(),
	kind: z.enum([
		'text',
		'image',
		'video',
		'audio',
		'document',
		'poll',
		'location',
		'contact',
		'invite',
		'other',
	]),
	text: z.string(),
	edited: z.boolean(),
	/** Deleted for everyone: nothing else of it is left. */
	deleted: z.boolean(),
	replyTo: z.object({ id: z.string(), author: z.string(), text: z.string() }).optional(),
	reactions: z.array(z.object({ emoji: z.string(), by: z.array(personSchema) })),
	file: fileSchema.optional(),
	poll: pollSchema.optional(),
	place: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
	invite: inviteSchema.optional(),
	/** How far an own message has come, at all whom it has reached. */
	receipt: z.enum(['sent', 'delivered', 'read']).optional(),
});

const chatSchema = z.object({
	/** `…@g.us`, or the number of the other person. */
	id: z.string(),
	title: z.string(),
	group: z.boolean(),
	last: z.object({ author: z.string(), text: z.string(), atMs: z.number(), own: z.boolean() }).optional(),
});

const memberSchema = personSchema.extend({ role: z.enum(['member', 'admin', 'superadmin']) });

const openChatSchema = chatSchema.omit({ last: true }).extend({
	description: z.string(),
	members: z.array(memberSchema),
	/** Who has asked to join. */
	requests: z.array(personSchema),
	role: memberSchema.shape.role.optional(),
	/** Why the person cannot write here. */
	closed: z.string().optional(),
	announce: z.boolean(),
	approval: z.boolean(),
	inviteCode: z.string().optional(),
	bubbles: z.array(bubbleSchema),
	/** There are older ones. */
	older: z.boolean(),
});

const deviceSchema = z.object({
	jid: z.string(),
	client: z.string(),
	online: z.boolean(),
	queueLength: z.number().int(),
	linkedAtMs: z.number(),
});

export const waitingSchema = z.object({
	id: z.string(),
	/** What the client calls itself. */
	client: z.string(),
	/** Its QR code was held up, so it can be scanned at once. */
	shown: z.boolean(),
	/** The number for which it has asked for a code. */
	codeFor: z.string().optional(),
});

export const screenSchema = z.object({
	accounts: z.array(personSchema.extend({ devices: z.number().int(), online: z.number().int() })),
	/** How many there are; not all of very many are listed. */
	accountsTotal: z.number().int(),
	/** Clients that wait to be linked. */
	waiting: z.array(waitingSchema),
	/** The fault that keeps everybody off the network. */
	offline: z.string().optional(),
	phone: personSchema
		.extend({
			about: z.string(),
			/** The fault that keeps this account's devices off the network. */
			offline: z.string().optional(),
			devices: z.array(deviceSchema),
			chats: z.array(chatSchema),
			/** Groups that the person is not in. */
			otherGroups: z.array(
				z.object({
					id: z.string(),
					title: z.string(),
					size: z.number().int(),
					code: z.string(),
					asked: z.boolean(),
				}),
			),
			open: openChatSchema.optional(),
		})
		.optional(),
});

export type Screen = z.infer<typeof screenSchema>;
export type ShownPhone = NonNullable<Screen['phone']>;
export type OpenChat = NonNullable<ShownPhone['open']>;
export type ShownChat = ShownPhone['chats'][number];
export type Bubble = OpenChat['bubbles'][number];
export type Poll = NonNullable<Bubble['poll']>;
export type Person = z.infer<typeof personSchema>;
export type Waiting = z.infer<typeof waitingSchema>;
