import { z } from 'zod';
import { event, Sealed } from '../event.ts';
import { MessageId } from '../ids.ts';
import { MessageKind, Person } from '../operations/shapes.ts';

const MessageData = z.object({
	messageId: MessageId,
	sender: Person.extend({ isYou: z.boolean() }),
	kind: MessageKind,
	/** A sealed `MessageContent`; null while message storage is off, or while the message cannot be decrypted. */
	content: Sealed.nullable(),
});

const example = {
	messageId: '3EB0C0FFEE',
	sender: { jid: '98765432101234@lid', name: 'Ana', phone: '+15551234567', isYou: false },
	kind: 'text' as const,
	content: { keyId: 'k1', data: 'c2VhbGVk' },
};

export const messageEvents = {
	received: event({
		summary: 'Somebody else wrote in a starred group.',
		webhook: true,
		data: MessageData,
		example,
	}),
	sent: event({
		summary: 'You wrote in a starred group, from the phone or through Chat Manager.',
		webhook: true,
		data: MessageData,
		example: { ...example, sender: { ...example.sender, isYou: true } },
	}),
};
