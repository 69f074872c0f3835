import { proto } from '@whiskeysockets/baileys';

export type Quoted = { messageId: string; authorJid: string; text: string };

/** The protobuf of a text message. It is made before sending, so that the outbox holds exactly what goes out. */
export function composeText(message: {
	text: string;
	mentions: readonly string[];
	quoted: Quoted | null;
}): Uint8Array {
	const { text, mentions, quoted } = message;
	if (mentions.length === 0 && quoted === null) {
		return proto.Message.encode({ conversation: text }).finish();
	}
	const reply = quoted && {
		stanzaId: quoted.messageId,
		participant: quoted.authorJid,
		quotedMessage: { conversation: quoted.text },
	};
	return proto.Message.encode({
		extendedTextMessage: { text, contextInfo: { mentionedJid: [...mentions], ...reply } },
	}).finish();
}
