import { proto } from '@whiskeysockets/baileys';

export type Quoted = { messageId: string; authorJid: string; text: string };

/** The protobuf of a text message. It is made before sending, so that the outbox holds exactly what goes out. */
export function composeText(message: {
	text: string;
	mentions: readonly string[];
	quoted: Quoted | null;
	/** After how long messages disappear in the group; 0: they stay. Phones keep one that does not say so itself. */
	ephemeralSeconds: number;
}): Uint8Array {
	const { text, mentions, quoted, ephemeralSeconds } = message;
	if (mentions.length === 0 && quoted === null && ephemeralSeconds === 0) {
		return proto.Message.encode({ conversation: text }).finish();
	}
	const reply = quoted && {
		stanzaId: quoted.messageId,
		participant: quoted.authorJid,
		quotedMessage: { conversation: quoted.text },
	};
	const expiration = ephemeralSeconds === 0 ? {} : { expiration: ephemeralSeconds };
	return proto.Message.encode({
		extendedTextMessage: { text, contextInfo: { mentionedJid: [...mentions], ...reply, ...expiration } },
	}).finish();
}
