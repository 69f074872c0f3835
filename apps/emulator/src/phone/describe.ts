import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';

/** What a phone shows of a message, whatever kind it is. */
export type Description = {
	/** The field of WhatsApp's `Message` that is set. */
	readonly kind: string;
	readonly text?: string;
	/** The message that this one answers, reacts to, edits, deletes or votes on. */
	readonly target?: string;
};

/** Nothing for a message that only carries keys. */
export function describeMessage(message: proto.IMessage): Description | undefined {
	const kind = kindOf(message);
	if (kind === undefined) return undefined;
	const content = normalizeMessageContent(message) ?? message;
	const text = textOf(content);
	const target = targetOf(content);
	return { kind, ...(text === undefined ? {} : { text }), ...(target === undefined ? {} : { target }) };
}

/** The attributes that say on the outside what a message is: `type`, and for a change of an earlier one `edit`. */
export function outsideOf(message: proto.IMessage): Record<string, string> {
	const { protocolMessage, reactionMessage, pollUpdateMessage } = message;
	const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;
	if (protocolMessage?.type === MESSAGE_EDIT) return { type: 'text', edit: '1' };
	if (protocolMessage?.type === REVOKE) {
		return { type: 'text', edit: protocolMessage.key?.fromMe ? '7' : '8' };
	}
	if (reactionMessage) return { type: 'reaction' };
	if (pollUpdateMessage || message.pollCreationMessageV3) return { type: 'poll' };
	const media =
		message.imageMessage ?? message.videoMessage ?? message.audioMessage ?? message.documentMessage;
	return { type: media || message.locationMessage || message.contactMessage ? 'media' : 'text' };
}

/** The one field of a message that says what it is, leaving aside what only accompanies it. */
function kindOf(message: proto.IMessage): string | undefined {
	return Object.entries(message)
		.filter(([, value]) => value !== null && value !== undefined)
		.map(([name]) => name)
		.find((name) => name !== 'senderKeyDistributionMessage' && name !== 'messageContextInfo');
}

/** The words of a message, whatever kind it is; those of a file are its caption. */
export function textOf(message: proto.IMessage): string | undefined {
	const edited = message.protocolMessage?.editedMessage;
	if (edited) return textOf(edited);
	return (
		message.conversation ??
		message.extendedTextMessage?.text ??
		message.imageMessage?.caption ??
		message.videoMessage?.caption ??
		message.documentMessage?.caption ??
		message.reactionMessage?.text ??
		message.locationMessage?.name ??
		message.contactMessage?.displayName ??
		message.groupInviteMessage?.caption ??
		pollOf(message)?.name ??
		undefined
	);
}

function targetOf(message: proto.IMessage): string | undefined {
	const { extendedTextMessage, imageMessage, videoMessage, audioMessage, documentMessage } = message;
	const answering = extendedTextMessage ?? imageMessage ?? videoMessage ?? audioMessage ?? documentMessage;
	return (
		message.reactionMessage?.key?.id ??
		message.protocolMessage?.key?.id ??
		message.pollUpdateMessage?.pollCreationMessageKey?.id ??
		answering?.contextInfo?.stanzaId ??
		undefined
	);
}

function pollOf(message: proto.IMessage): proto.Message.IPollCreationMessage | null | undefined {
	return message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3;
}
