import { z } from 'zod';
import { event, Sealed } from '../event.ts';
import { Instant, MemberJid, MessageId } from '../ids.ts';
import { MessageKind, Person } from '../operations/shapes.ts';

const Sender = Person.extend({ isYou: z.boolean() });

const MessageData = z.object({
	messageId: MessageId,
	sender: Sender,
	kind: MessageKind,
	/** A sealed `MessageContent`; null while message storage is off, or while the message cannot be decrypted. */
	content: Sealed.nullable(),
});

/** Something that happened to an earlier message, which is named by id and author: the id alone is not unique. */
const ChangeData = z.object({
	messageId: MessageId.meta({ description: 'The message that it happened to' }),
	author: MemberJid.meta({ description: 'Who wrote that message' }),
	/** Who did it. */
	sender: Sender,
	/** Milliseconds by the sender's own clock. Of two changes by one person to one message, the greater one counts. */
	revision: z.number().int().nonnegative(),
});

const said = { text: 'text', media: 'media', replyTo: 'replyTo', mentions: 'mentions' } as const;
const sender = { jid: '98765432101234@lid', name: 'Ana', phone: '+15551234567', isYou: false };
const content = { keyId: 'k1', data: 'c2VhbGVk' };
const example = { messageId: '3EB0C0FFEE', sender, kind: 'text' as const, content };
const change = { messageId: '3EB0C0FFEE', author: sender.jid, sender, revision: 1_795_338_000_000 };

export const messageEvents = {
	received: event({
		summary: 'Somebody else wrote in a starred group.',
		publisher: 'connector',
		webhook: true,
		data: MessageData,
		reveals: said,
		example,
	}),
	sent: event({
		summary: 'You wrote in a starred group, from the phone or through Chat Manager.',
		publisher: 'connector',
		webhook: true,
		data: MessageData,
		reveals: said,
		example: { ...example, sender: { ...sender, isYou: true } },
	}),
	edited: event({
		summary: 'The author of a message in a starred group changed what it says.',
		publisher: 'connector',
		webhook: true,
		data: ChangeData.extend({
			/** A sealed `MessageContent` with the new text and mentions; null while message storage is off. */
			content: Sealed.nullable(),
		}),
		reveals: { text: 'text', mentions: 'mentions' },
		example: { ...change, content },
	}),
	deleted: event({
		summary: 'A message in a starred group was deleted for everyone, by its author or by an admin.',
		publisher: 'connector',
		webhook: true,
		data: ChangeData,
		example: change,
	}),
	reaction: event({
		summary: 'Somebody reacted to a message in a starred group, or took the reaction back.',
		publisher: 'connector',
		webhook: true,
		data: ChangeData.extend({
			/** Whether it was taken back. A new reaction of the same person takes the place of the earlier one. */
			removed: z.boolean(),
			/** A sealed `MessageContent` whose text is the emoji; null when removed, and while message storage is off. */
			content: Sealed.nullable(),
		}),
		reveals: { emoji: 'text' },
		example: { ...change, removed: false, content },
	}),
	voted: event({
		summary: 'Somebody voted in a poll of a starred group, or changed their vote.',
		publisher: 'connector',
		webhook: true,
		data: ChangeData.extend({
			/** A sealed `MessageContent` with all `options` that are now chosen; null while message storage is off, and for a vote that cannot be decrypted. */
			content: Sealed.nullable(),
		}),
		reveals: { options: 'options' },
		example: { ...change, content },
	}),
	confirmed: event({
		summary: "Members' devices told that a message of yours in a starred group arrived, or was read.",
		publisher: 'connector',
		webhook: true,
		data: z.object({
			messageId: MessageId,
			/** What each of them told; somebody who read it need not be told of as reached before. */
			people: z.array(z.object({ jid: MemberJid, read: z.boolean(), at: Instant })).min(1),
		}),
		example: {
			messageId: '3EB0C0FFEE',
			people: [{ jid: sender.jid, read: true, at: '2026-11-22T09:00:00.000Z' }],
		},
	}),
};
