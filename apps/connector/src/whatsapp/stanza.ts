import type { BinaryNode } from '@whiskeysockets/baileys';
import { z } from 'zod';

/** What is read off a group message's stanza; everything about a message but its text. */
export type MessageStanza = {
	chatJid: string;
	messageId: string;
	/** The author with its device, as the sender keys are filed under it. */
	authorDeviceJid: string;
	/** The author without its device, as the group addresses it. */
	authorJid: string;
	/** The author's phone jid, where the stanza tells it. */
	authorPhoneJid: string | null;
	pushName: string | null;
	/** Milliseconds since the epoch. */
	sentAt: number;
};

const Attributes = z.object({
	from: z.string().endsWith('@g.us'),
	id: z.string().min(1),
	participant: z.string().min(1),
	participant_pn: z.string().optional(),
	notify: z.string().optional(),
	t: z.coerce.number().positive(),
});

/**
 * Remembers which stanza a ciphertext came in. Baileys hands a ciphertext to the signal repository without saying where
 * it is from; the buffer is the same object as in the frame, which is seen first. Order must not be used for it: stanzas
 * queued while offline are handled beside live ones.
 */
export function createStanzaIndex() {
	const stanzas = new WeakMap<Uint8Array, MessageStanza>();
	return {
		/** Takes note of a frame that arrived. */
		add(node: BinaryNode): void {
			if (node.tag !== 'message' || !Array.isArray(node.content)) return;
			const attributes = Attributes.safeParse(node.attrs);
			if (!attributes.success) return; // Not a group message.
			const parts = node.content.filter(({ tag }) => tag === 'enc');
			const stanza = toStanza(attributes.data);
			for (const { content } of parts) if (content instanceof Uint8Array) stanzas.set(content, stanza);
		},
		find: (ciphertext: Uint8Array): MessageStanza | undefined => stanzas.get(ciphertext),
	};
}

export type StanzaIndex = ReturnType<typeof createStanzaIndex>;

/** A jid without its device: `123:4@lid` → `123@lid`. */
export function withoutDevice(jid: string): string {
	return jid.replace(/:\d+@/, '@');
}

function toStanza(attributes: z.infer<typeof Attributes>): MessageStanza {
	const { from, id, participant, participant_pn, notify, t } = attributes;
	return {
		chatJid: from,
		messageId: id,
		authorDeviceJid: participant,
		authorJid: withoutDevice(participant),
		authorPhoneJid: participant_pn === undefined ? null : withoutDevice(participant_pn),
		pushName: notify === undefined || notify === '' ? null : notify,
		sentAt: t * 1000,
	};
}
