import { createHash } from 'node:crypto';
import { MemberJid, MessageId } from '@chat-manager/contracts';
import { type BinaryNode, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { createRecentMap } from './recent-map.ts';

/** What is read off a group message's stanza; everything about a message but its text. */
export const MessageStanza = z.object({
	chatJid: z.string(),
	messageId: z.string(),
	/** The author with its device, as the sender keys are filed under it. */
	authorDeviceJid: z.string(),
	/** The author without its device, as the group addresses it. */
	authorJid: z.string(),
	/** The author's phone jid, where the stanza tells it. */
	authorPhoneJid: z.string().nullable(),
	pushName: z.string().nullable(),
	/** Milliseconds since the epoch. */
	sentAt: z.number(),
	/** Whether it says of itself that it is no message to be shown, but something about an earlier one. */
	isHidden: z.boolean(),
});
export type MessageStanza = z.infer<typeof MessageStanza>;

const Attributes = z.object({
	from: z.string().endsWith('@g.us'),
	id: z.string().min(1),
	participant: z.string().min(1),
	participant_pn: z.string().optional(),
	participant_lid: z.string().optional(),
	notify: z.string().optional(),
	type: z.string().optional(),
	edit: z.string().optional(),
	t: z.coerce.number().positive().max(253_402_300_000).optional().catch(undefined),
});

/** Who wrote something that WhatsApp addresses in a way that no event can name. */
const unknownMember = '00000@lid';
const maxNameLength = 500;

/**
 * Remembers which stanza a ciphertext came in. Baileys hands a ciphertext to the signal repository without saying where
 * it is from; the buffer is the same object as in the frame, which is seen first. Order must not be used for it: stanzas
 * queued while offline are handled beside live ones.
 */
export function createStanzaIndex() {
	const stanzas = new WeakMap<Uint8Array, MessageStanza>();
	const arrivals = new WeakMap<MessageStanza, number>();
	/** A person's other jid: the phone's for a hidden id, and the other way round. */
	const otherJids = createRecentMap<string>(20_000);
	return {
		/** Takes note of a frame that arrived. */
		add(node: BinaryNode): void {
			const attributes = readAttributes(node);
			if (attributes === undefined) return;
			const parts = getBinaryNodeChildren(node, 'enc');
			const isHidden = parts.some(({ attrs }) => attrs['decrypt-fail'] === 'hide');
			const stanza = toStanza(attributes, isHidden);
			arrivals.set(stanza, Date.now());
			const { participant_lid } = attributes;
			this.pair(stanza.authorJid, stanza.authorPhoneJid ?? participant_lid);
			for (const { content } of parts) if (content instanceof Uint8Array) stanzas.set(content, stanza);
		},
		/** Takes note of the two jids of one person. */
		pair(jid: string | undefined, other: string | null | undefined): void {
			if (!jid || !other) return;
			const [one, two] = [withoutDevice(jid), withoutDevice(other)];
			if (one === two) return;
			otherJids.set(one, two);
			otherJids.set(two, one);
		},
		/** A person as the group of this stanza addresses its members, as far as that is known. */
		addressedAs(jid: string, { authorJid }: MessageStanza): string {
			const member = withoutDevice(jid);
			return hostOf(member) === hostOf(authorJid) ? member : (otherJids.get(member) ?? member);
		},
		/** All that a person is known as. */
		namesOf(jid: string): string[] {
			const other = otherJids.get(jid);
			return other === undefined ? [jid] : [jid, other];
		},
		/** When its frame came, milliseconds since the epoch. */
		arrivedAt: (stanza: MessageStanza): number => arrivals.get(stanza) ?? Date.now(),
		find: (ciphertext: Uint8Array): MessageStanza | undefined => stanzas.get(ciphertext),
	};
}

/**
 * A group message that comes without anything to decrypt: WhatsApp shows it on the phone only (shown once, say), or has the
 * phone send it again. `undefined` for any other stanza.
 */
export function readUnavailable(node: BinaryNode): MessageStanza | undefined {
	const attributes = readAttributes(node);
	if (attributes === undefined || getBinaryNodeChildren(node, 'unavailable').length === 0) return undefined;
	return getBinaryNodeChildren(node, 'enc').length > 0 ? undefined : toStanza(attributes, false);
}

/** `undefined` for what is no message to a group. */
function readAttributes({ tag, attrs, content }: BinaryNode): z.infer<typeof Attributes> | undefined {
	if (tag !== 'message' || !Array.isArray(content)) return undefined;
	return Attributes.safeParse(attrs).data;
}

export type StanzaIndex = ReturnType<typeof createStanzaIndex>;

/** A jid without its device: `123:4@lid` → `123@lid`. A device that WhatsApp hosts belongs to the same person. */
export function withoutDevice(jid: string): string {
	return jid
		.replace(/:\d+@/, '@')
		.replace(/@hosted\.lid$/, '@lid')
		.replace(/@hosted$/, '@s.whatsapp.net');
}

/** The id that stands for a message in events: its own, or a digest of one that has characters no id should have. */
export function messageIdOf(id: string): string {
	if (MessageId.safeParse(id).success) return id;
	return createHash('sha256').update(id).digest('base64url');
}

function toStanza(attributes: z.infer<typeof Attributes>, isHidden: boolean): MessageStanza {
	const { from, id, participant, participant_pn, notify, t } = attributes;
	const authorJid = withoutDevice(participant);
	return {
		chatJid: from,
		messageId: messageIdOf(id),
		authorDeviceJid: participant,
		authorJid: MemberJid.safeParse(authorJid).success ? authorJid : unknownMember,
		authorPhoneJid: participant_pn === undefined ? null : withoutDevice(participant_pn),
		pushName: notify === undefined || notify === '' ? null : notify.slice(0, maxNameLength).toWellFormed(),
		sentAt: t === undefined ? Date.now() : Math.floor(t) * 1000,
		isHidden: isHidden || attributes.type === 'reaction' || attributes.edit !== undefined,
	};
}

function hostOf(jid: string): string {
	return jid.slice(jid.indexOf('@'));
}
