import { proto, type WASocket } from '@whiskeysockets/baileys';
import type { Me } from './auth-state.ts';
import type { MessageStanza } from './stanza.ts';

/** Asks the own phone for messages that could not be decrypted, all in one request; Baileys' own asks for one, in the same way. */
export async function askPhoneFor(
	socket: Pick<WASocket, 'sendPeerDataOperationMessage'>,
	messages: readonly MessageStanza[],
	me: Me | undefined,
): Promise<void> {
	await socket.sendPeerDataOperationMessage({
		peerDataOperationRequestType: proto.Message.PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND,
		placeholderMessageResendRequest: messages.map(({ chatJid, messageId, authorJid }) => ({
			messageKey: {
				remoteJid: chatJid,
				id: messageId,
				fromMe: authorJid === me?.jid || authorJid === me?.lid,
				participant: authorJid,
			},
		})),
	});
}
