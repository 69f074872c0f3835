import { proto } from '@whiskeysockets/baileys';
import { accountOf } from '../network/accounts.ts';
import { historyMessage, webMessage } from './history.ts';
import type { ReadMessage } from './notebook.ts';
import { tellCompanion } from './peer.ts';
import type { Phone } from './phone.ts';

const { PeerDataOperationRequestType } = proto.Message;

/**
 * What companions ask their phone for: a message that they could not open, or older messages of a chat. A message that the
 * phone does not have either is left out of the answer.
 */
export async function answerCompanion(
	phone: Phone,
	deviceId: number,
	requestId: string,
	{ protocolMessage }: proto.IMessage,
): Promise<void> {
	const request = protocolMessage?.peerDataOperationRequestMessage;
	const type = request?.peerDataOperationRequestType;
	if (!request) return;
	if (type === PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND) {
		const keys = request.placeholderMessageResendRequest ?? [];
		const found = keys.flatMap(({ messageKey }) => find(phone, messageKey) ?? []);
		await tellCompanion(phone, deviceId, resend(phone, requestId, found));
	} else if (type === PeerDataOperationRequestType.HISTORY_SYNC_ON_DEMAND) {
		const history = olderThan(phone, request.historySyncOnDemandRequest ?? {});
		await tellCompanion(phone, deviceId, historyMessage(history, { peerDataRequestSessionId: requestId }));
	}
}

function resend(phone: Phone, stanzaId: string, messages: readonly ReadMessage[]): proto.IMessage {
	return {
		protocolMessage: {
			type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
			peerDataOperationRequestResponseMessage: {
				peerDataOperationRequestType: PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND,
				stanzaId,
				peerDataOperationResult: messages.map((message) => ({
					placeholderMessageResendResponse: {
						webMessageInfoBytes: proto.WebMessageInfo.encode(webMessage(phone, message)).finish(),
					},
				})),
			},
		},
	};
}

function olderThan(
	phone: Phone,
	{
		chatJid,
		oldestMsgId,
		onDemandMsgCount,
	}: proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest,
): proto.IHistorySync {
	const chat = accountOf(phone.ctx.network, chatJid ?? '')?.phone ?? chatJid ?? '';
	const inChat = phone.notebook.read.filter((message) => message.chat === chat);
	const end = inChat.findIndex(({ id }) => id === oldestMsgId);
	const older = inChat.slice(0, Math.max(0, end)).slice(-(onDemandMsgCount ?? 50));
	const messages = older.reverse().map((message) => ({ message: webMessage(phone, message) }));
	return {
		syncType: proto.HistorySync.HistorySyncType.ON_DEMAND,
		progress: 100,
		conversations: [{ id: chatJid ?? '', messages }],
	};
}

function find({ notebook }: Phone, key: proto.IMessageKey | null | undefined): ReadMessage | undefined {
	return notebook.read.findLast(({ id }) => id === key?.id);
}
