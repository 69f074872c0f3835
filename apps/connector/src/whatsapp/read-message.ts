import type { proto } from '@whiskeysockets/baileys';
import { type DescribedChange, describeChange, describePoll, type Poll } from './describe-change.ts';
import { type Described, describeMessage } from './describe-message.ts';
import { type MessageStanza, messageIdOf, type StanzaIndex } from './stanza.ts';

/** What somebody did by sending a message. */
export type Said =
	| ({ type: 'message'; poll: Poll | undefined } & Described)
	| ({ type: 'change'; target: Target } & DescribedChange);

/** The message that is meant: its id is unique only together with its author. */
export type Target = {
	messageId: string;
	authorJid: string;
	/** Its id on the wire, and all names of its author and of the sender, as one of each goes into a vote's key. */
	wire: { id: string; authors: string[]; senders: string[] };
};

/** `undefined` for what carries no words: keys and the protocol's housekeeping. Never throws. */
export function readMessage(
	message: proto.IMessage,
	stanza: MessageStanza,
	stanzas: StanzaIndex,
): Said | undefined {
	const change = attempt(() => describeChange(message));
	if (change?.key.id) return { type: 'change', ...change, target: targetOf(change.key, stanza, stanzas) };
	const described = describeMessage(message);
	return described && { type: 'message', poll: attempt(() => describePoll(message)), ...described };
}

/** A key is written from its sender's point of view; one that names nobody means the sender's own message. */
function targetOf(
	{ id, fromMe, participant }: proto.IMessageKey,
	stanza: MessageStanza,
	stanzas: StanzaIndex,
): Target {
	const own = fromMe || !participant;
	const authorJid = own ? stanza.authorJid : stanzas.addressedAs(participant, stanza);
	return {
		messageId: messageIdOf(id ?? ''),
		authorJid,
		wire: {
			id: id ?? '',
			authors: stanzas.namesOf(authorJid),
			senders: stanzas.namesOf(stanza.authorJid),
		},
	};
}

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
