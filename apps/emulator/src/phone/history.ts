import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { membersOf } from '../actions/group-notices.ts';
import { groupJid, isGroupJid, lidJid, pnJid } from '../binary/jid.ts';
import { personIn } from '../network/addressing.ts';
import { groupsOf } from '../network/groups.ts';
import type { Account, Group } from '../network/state.ts';
import type { ReadMessage } from './notebook.ts';
import type { Phone } from './phone.ts';

const { HistorySyncType } = proto.HistorySync;

/** A notification that carries its history in itself, as short ones do. */
export function historyMessage(
	history: proto.IHistorySync,
	more: proto.Message.IHistorySyncNotification = {},
): proto.IMessage {
	return {
		protocolMessage: {
			type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
			historySyncNotification: {
				syncType: history.syncType ?? null,
				chunkOrder: history.chunkOrder ?? null,
				progress: history.progress ?? null,
				...more,
				initialHistBootstrapInlinePayload: deflateSync(proto.HistorySync.encode(history).finish()),
			},
		},
	};
}

/** All chats with so many of their newest messages, and who is behind the hidden ids in them. */
export function chatHistory(
	phone: Phone,
	syncType: proto.HistorySync.HistorySyncType,
	part: { from: number; to: number },
): proto.IHistorySync {
	const { ctx, endpoint } = phone;
	const groups = groupsOf(ctx.network, endpoint.account);
	const persons = personsWithChat(phone);
	const acquaintances = new Set([
		endpoint.account,
		...persons,
		...groups.flatMap((group) => membersOf(ctx, group)),
	]);
	return {
		syncType,
		progress: 100,
		conversations: [
			...groups.map((group) => groupChat(phone, group, part)),
			...persons.map((person) => directChat(phone, person, part)),
		],
		phoneNumberToLidMappings: [...acquaintances].map((account) => ({
			pnJid: pnJid(account.phone),
			lidJid: lidJid(account.lid),
		})),
	};
}

/** The names of all people the account shares a chat with. */
export function pushNames(phone: Phone): proto.IHistorySync {
	const groups = groupsOf(phone.ctx.network, phone.endpoint.account);
	const people = new Set([
		...personsWithChat(phone),
		...groups.flatMap((group) => membersOf(phone.ctx, group)),
	]);
	const pushnames = [...people].map(({ lid, pushName }) => ({ id: lidJid(lid), pushname: pushName }));
	return { syncType: HistorySyncType.PUSH_NAME, progress: 100, pushnames };
}

/** A message as the phone keeps it, for a companion. */
export function webMessage(phone: Phone, message: ReadMessage): proto.IWebMessageInfo {
	const { network } = phone.ctx;
	const author = network.accounts.get(message.author);
	const group = isGroupJid(message.chat) ? network.groups.get(message.chat.split('@')[0] ?? '') : undefined;
	const person = network.accounts.get(message.chat);
	const fromMe = author === phone.endpoint.account;
	const participant = group && author && !fromMe ? personIn(group, author).jid : undefined;
	return {
		key: {
			remoteJid: person ? lidJid(person.lid) : message.chat,
			fromMe,
			id: message.id,
			...(participant === undefined ? {} : { participant }),
		},
		...(participant === undefined ? {} : { participant }),
		message: proto.Message.decode(Buffer.from(message.message, 'base64')),
		messageTimestamp: Math.floor(message.sentAtMs / 1000),
		...(author && !fromMe ? { pushName: author.pushName } : {}),
		status: fromMe ? proto.WebMessageInfo.Status.SERVER_ACK : proto.WebMessageInfo.Status.DELIVERY_ACK,
	};
}

function groupChat(phone: Phone, group: Group, part: Part): proto.IConversation {
	return {
		id: groupJid(group.id),
		name: group.subject,
		createdAt: Math.floor(group.createdAtMs / 1000),
		...(group.description ? { description: group.description.body } : {}),
		...(group.ephemeralSeconds > 0 ? { ephemeralExpiration: group.ephemeralSeconds } : {}),
		...messagesOf(phone, groupJid(group.id), part),
	};
}

function directChat(phone: Phone, person: Account, part: Part): proto.IConversation {
	return {
		id: lidJid(person.lid),
		lidJid: lidJid(person.lid),
		pnJid: pnJid(person.phone),
		name: person.pushName,
		...messagesOf(phone, person.phone, part),
	};
}

/** Newest first, as WhatsApp has them. */
function messagesOf(phone: Phone, chat: string, { from, to }: Part): proto.IConversation {
	const inChat = phone.notebook.read.filter((message) => message.chat === chat).reverse();
	const newest = inChat[0];
	return {
		messages: inChat.slice(from, to).map((message, index) => ({
			message: webMessage(phone, message),
			msgOrderId: inChat.length - from - index,
		})),
		...(newest ? { conversationTimestamp: Math.floor(newest.sentAtMs / 1000) } : {}),
	};
}

function personsWithChat({ ctx, notebook }: Phone): Account[] {
	const chats = new Set(notebook.read.map(({ chat }) => chat));
	return [...chats].flatMap((chat) => ctx.network.accounts.get(chat) ?? []);
}

type Part = { readonly from: number; readonly to: number };
