import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { groupJid, isGroupJid, lidJid, pnJid } from '../binary/jid.ts';
import { personIn } from '../network/addressing.ts';
import { isAdmin } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group } from '../network/state.ts';
import type { Content } from './content.ts';
import { fileMessage } from './files.ts';
import type { ReadMessage } from './notebook.ts';
import type { Phone } from './phone.ts';
import { sealVote } from './votes.ts';

/** Makes the message that WhatsApp's apps would make of this content in this chat. */
export function compose(phone: Phone, chat: Chat, content: Content): proto.IMessage {
	switch (content.kind) {
		case 'text':
			return textMessage(phone, chat, content);
		case 'image':
		case 'video':
		case 'audio':
		case 'document':
			return fileMessage(phone, content, context(phone, chat, content));
		case 'reaction':
			return {
				reactionMessage: {
					key: keyOf(phone, chat, content.target),
					text: content.emoji,
					senderTimestampMs: phone.ctx.nowMs(),
				},
			};
		case 'edit':
			mustBeOwn(phone, chat, content.target);
			return protocol({
				type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
				key: keyOf(phone, chat, content.target),
				editedMessage: { conversation: content.text },
				timestampMs: phone.ctx.nowMs(),
			});
		case 'delete':
			mayDelete(phone, chat, content.target);
			return protocol({
				type: proto.Message.ProtocolMessage.Type.REVOKE,
				key: keyOf(phone, chat, content.target),
			});
		case 'poll':
			return pollMessage(content);
		case 'vote':
			return voteMessage(phone, chat, content);
		case 'location': {
			const { latitude, longitude, name } = content;
			return {
				locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, ...(name && { name }) },
			};
		}
		case 'contact':
			return { contactMessage: { displayName: content.name, vcard: vcard(content) } };
		case 'group-invite':
			return inviteMessage(phone, content);
	}
}

/** A group, or the person at the other end. */
export type Chat = { readonly group: Group } | { readonly person: Account };

function textMessage(phone: Phone, chat: Chat, content: Of<'text'>): proto.IMessage {
	const contextInfo = context(phone, chat, content);
	return contextInfo
		? { extendedTextMessage: { text: content.text, contextInfo } }
		: { conversation: content.text };
}

/** What a message answers, and whom it mentions. */
function context(
	phone: Phone,
	chat: Chat,
	{ replyTo, mentions }: { replyTo?: string | undefined; mentions?: string[] | undefined },
): proto.IContextInfo | undefined {
	if (replyTo === undefined && mentions === undefined) return undefined;
	const { network } = phone.ctx;
	const mentionedJid = (mentions ?? []).map((number) => {
		const account = network.accounts.get(number);
		return account ? addressOf(chat, account) : pnJid(number);
	});
	if (replyTo === undefined) return { mentionedJid };
	const answered = messageIn(phone, chat, replyTo);
	const author = network.accounts.get(answered.author);
	return {
		mentionedJid,
		stanzaId: answered.id,
		participant: author ? addressOf(chat, author) : pnJid(answered.author),
		quotedMessage: proto.Message.decode(Buffer.from(answered.message, 'base64')),
	};
}

/** How a message is named in another one of its chat. */
function keyOf(phone: Phone, chat: Chat, id: string): proto.IMessageKey {
	const { author: number } = messageIn(phone, chat, id);
	const author = phone.ctx.network.accounts.get(number);
	const fromMe = author === phone.endpoint.account;
	const remoteJid = 'group' in chat ? groupJid(chat.group.id) : lidJid(chat.person.lid);
	const participant = 'group' in chat && author ? personIn(chat.group, author).jid : undefined;
	return { remoteJid, fromMe, id, ...(participant === undefined || fromMe ? {} : { participant }) };
}

function messageIn(phone: Phone, chat: Chat, id: string): ReadMessage {
	const name = 'group' in chat ? groupJid(chat.group.id) : chat.person.phone;
	const found = phone.notebook.read.findLast((message) => message.id === id && message.chat === name);
	if (!found) throw new Refusal(404, `The phone has no message ${id} in this chat.`);
	return found;
}

function mustBeOwn(phone: Phone, chat: Chat, id: string): void {
	if (messageIn(phone, chat, id).author === phone.endpoint.account.phone) return;
	throw new Refusal(403, 'People can edit only what they have written themselves.');
}

function mayDelete(phone: Phone, chat: Chat, id: string): void {
	const { account } = phone.endpoint;
	if (messageIn(phone, chat, id).author === account.phone) return;
	if ('group' in chat && isAdmin(chat.group, account)) return;
	throw new Refusal(403, 'Only admins can delete what others have written.');
}

function pollMessage({ question, options, selectable }: Of<'poll'>): proto.IMessage {
	return {
		messageContextInfo: { messageSecret: randomBytes(32) },
		pollCreationMessageV3: {
			name: question,
			options: options.map((optionName) => ({ optionName })),
			selectableOptionsCount: selectable,
		},
	};
}

function voteMessage(phone: Phone, chat: Chat, { target, options }: Of<'vote'>): proto.IMessage {
	const poll = messageIn(phone, chat, target);
	const creator = phone.ctx.network.accounts.get(poll.author);
	const { messageContextInfo } = proto.Message.decode(Buffer.from(poll.message, 'base64'));
	const secret = messageContextInfo?.messageSecret;
	if (!secret || !creator) throw new Refusal(409, `The message ${target} is no poll.`);
	return {
		pollUpdateMessage: {
			pollCreationMessageKey: keyOf(phone, chat, target),
			vote: sealVote(options, {
				secret,
				pollId: target,
				creator: addressOf(chat, creator),
				voter: addressOf(chat, phone.endpoint.account),
			}),
			senderTimestampMs: phone.ctx.nowMs(),
		},
	};
}

function inviteMessage(phone: Phone, content: Of<'group-invite'>): proto.IMessage {
	const id = isGroupJid(content.group) ? content.group : groupJid(content.group);
	const group = phone.ctx.network.groups.get(id.split('@')[0] ?? '');
	return {
		groupInviteMessage: {
			groupJid: id,
			groupName: group?.subject ?? '',
			inviteCode: content.code,
			inviteExpiration: Math.floor(content.expiresAtMs / 1000),
			...(content.caption && { caption: content.caption }),
		},
	};
}

function vcard({ name, phone }: Of<'contact'>): string {
	const lines = ['BEGIN:VCARD', 'VERSION:3.0', `FN:${name}`, `TEL;type=CELL;waid=${phone}:+${phone}`];
	return [...lines, 'END:VCARD'].join('\n');
}

function addressOf(chat: Chat, account: Account): string {
	return 'group' in chat ? personIn(chat.group, account).jid : lidJid(account.lid);
}

function protocol(protocolMessage: proto.Message.IProtocolMessage): proto.IMessage {
	return { protocolMessage };
}

type Of<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>;
