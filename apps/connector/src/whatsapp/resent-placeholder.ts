import { proto } from '@whiskeysockets/baileys';
import { type MessageStanza, messageIdOf, withoutDevice } from './stanza.ts';

export type Resent = { stanza: MessageStanza; message: proto.IMessage };

const { Type } = proto.Message.ProtocolMessage;

/**
 * What the own phone sends again of messages that could not be decrypted: Baileys asks it a few seconds after the first try.
 * `recall` knows the stanza in which such a message came; without it (after a restart) the phone's word on the author is all there is.
 */
export function readResent(
	{ protocolMessage }: proto.IMessage,
	recall: (chatJid: string, messageId: string) => MessageStanza | undefined,
): Resent[] {
	if (protocolMessage?.type !== Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE) return [];
	const results = protocolMessage.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
	return results.flatMap(({ placeholderMessageResendResponse: response }) => {
		if (!response?.webMessageInfoBytes) return [];
		const { key, message, messageTimestamp, pushName, participant } = proto.WebMessageInfo.decode(
			response.webMessageInfoBytes,
		);
		const chatJid = key?.remoteJid;
		const authorJid = key?.participant ?? participant;
		if (!message || !key?.id || !chatJid) return [];
		const known = recall(chatJid, messageIdOf(key.id));
		if (known !== undefined) return [{ stanza: known, message }];
		if (!authorJid) return [];
		const stanza: MessageStanza = {
			chatJid,
			messageId: messageIdOf(key.id),
			authorDeviceJid: authorJid,
			authorJid: withoutDevice(authorJid),
			authorPhoneJid: null,
			pushName: pushName || null,
			sentAt: Number(messageTimestamp ?? 0) * 1000 || Date.now(),
			isHidden: false,
		};
		return [{ stanza, message }];
	});
}
