import { z } from 'zod';
import { GroupJid, Instant, MemberJid, MessageId } from '../ids.ts';

/** Values that several operations and events speak of. */

export const Person = z.object({
	jid: MemberJid,
	name: z.string().nullable(),
	phone: z.string().nullable().meta({ description: 'International format; null where WhatsApp hides it' }),
});

export const Role = z.enum(['member', 'admin', 'owner']);

export const StarredState = z.object({ jid: GroupJid, name: z.string(), starred: z.boolean() });

const messageKinds = [
	'text',
	'image',
	'video',
	'audio',
	'document',
	'sticker',
	'location',
	'contact',
	'poll',
	'event',
	'other',
	'undecryptable',
] as const;
export const MessageKind = z.enum(messageKinds);

export const Media = z.object({
	mimeType: z.string().nullable(),
	fileName: z.string().nullable(),
	sizeBytes: z.number().int().nonnegative().nullable(),
	durationSeconds: z.number().nonnegative().nullable(),
});

/** What a message says: the part that is sealed on the bus and encrypted at rest. */
export const MessageContent = z.object({
	text: z.string().nullable(),
	media: Media.nullable(),
	mentions: z.array(MemberJid),
	replyTo: MessageId.nullable(),
	/** What was chosen; only of a vote. */
	options: z.array(z.string()).optional(),
});
export type MessageContent = z.infer<typeof MessageContent>;

export const Message = z.object({
	id: MessageId,
	sender: Person.extend({ isYou: z.boolean() }),
	sentAt: Instant,
	kind: MessageKind,
	text: z.string().nullable(),
	replyTo: MessageId.nullable(),
	edited: z.boolean(),
	deleted: z.boolean(),
	reactions: z.array(z.object({ emoji: z.string(), count: z.number().int().positive() })),
	media: Media.nullable(),
	votes: z
		.array(z.object({ option: z.string(), count: z.number().int().positive() }))
		.optional()
		.meta({ description: 'Only of a poll: how many chose each option, as far as votes could be read' }),
	delivery: z
		.object({ delivered: z.number().int().nonnegative(), read: z.number().int().nonnegative() })
		.optional()
		.meta({
			description:
				'Only of your own messages: how many members it reached, and how many of them opened it, as far as they tell',
		}),
});

export const Coverage = z.object({
	capturedFrom: Instant.meta({
		description:
			'Nothing before this moment is known: the group was starred then, or what is older is not kept',
	}),
	storing: z.boolean().meta({ description: 'Whether messages are being stored now (account setting)' }),
	gaps: z
		.array(
			z.object({
				from: Instant,
				to: Instant.nullable(),
				reason: z.enum(['storage_off', 'undecryptable', 'device_offline', 'device_unlinked']),
			}),
		)
		.meta({
			description:
				'Spans in which messages may be missing: there, an empty page means unknown, not nothing. One without an end (to) lasts; what was written while the device is offline can still come',
		}),
});
