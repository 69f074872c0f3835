import { MemberJid, type MessageContent, MessageId } from '@chat-manager/contracts';
import { proto } from '@whiskeysockets/baileys';
import { describers, type Part } from './describe-part.ts';
import { withoutDevice } from './stanza.ts';
import { unwrap } from './unwrap.ts';

export type Described = { kind: Part['kind']; content: MessageContent };

/**
 * What a WhatsApp message says, in our terms: its kind, text, reply and mentions, media as metadata only. `undefined` for
 * what is no message of its own: keys, edits, deletions, reactions, votes and the protocol's housekeeping. What cannot be
 * described is `other`; it never throws.
 */
export function describeMessage(message: proto.IMessage): Described | undefined {
	try {
		const { content } = unwrap(message);
		return describeComment(content) ?? describeContent(content);
	} catch {
		return other;
	}
}

/** The same for the protobuf of a message. */
export function describeBytes(bytes: Uint8Array): Described | undefined {
	return describeMessage(proto.Message.decode(bytes));
}

const other: Described = { kind: 'other', content: { text: null, media: null, mentions: [], replyTo: null } };
/** As long as WhatsApp lets a text be. */
const maxTextLength = 65_536;
const maxMentions = 2_048;

function describeContent(content: proto.IMessage): Described | undefined {
	for (const [field, describe] of Object.entries(describers)) {
		const part = content[field as keyof proto.IMessage];
		if (part === null || part === undefined || part === '') continue;
		const { kind, text, media } = describe(part as never);
		const { contextInfo } = part as { contextInfo?: proto.IContextInfo | null };
		const said = text === null ? null : text.slice(0, maxTextLength).toWellFormed();
		return { kind, content: { text: said, media: media ?? null, ...references(contextInfo) } };
	}
	return hasOnlyHousekeeping(content) ? undefined : other;
}

/** A comment is a message that answers another one, wrapped in its own way. */
function describeComment({ commentMessage }: proto.IMessage): Described | undefined {
	if (!commentMessage?.message) return undefined;
	const described = describeContent(unwrap(commentMessage.message).content) ?? other;
	const replyTo = MessageId.safeParse(commentMessage.targetMessageKey?.id);
	return {
		...described,
		content: { ...described.content, replyTo: replyTo.data ?? described.content.replyTo },
	};
}

function references(
	context: proto.IContextInfo | null | undefined,
): Pick<MessageContent, 'replyTo' | 'mentions'> {
	const replyTo = MessageId.safeParse(context?.stanzaId);
	const mentions = (context?.mentionedJid ?? []).slice(0, maxMentions).map(withoutDevice);
	return {
		replyTo: replyTo.data ?? null,
		mentions: mentions.filter((jid) => MemberJid.safeParse(jid).success),
	};
}

/** Fields that carry no words of a person. Everything else that is not described is shown as kind `other`. */
const housekeeping = new Set([
	'senderKeyDistributionMessage',
	'fastRatchetKeySenderKeyDistributionMessage',
	'messageContextInfo',
	'protocolMessage',
	'reactionMessage',
	'encReactionMessage',
	'pollUpdateMessage',
	'encEventResponseMessage',
	'keepInChatMessage',
	'pinInChatMessage',
	'deviceSentMessage',
	'editedMessage',
	'placeholderMessage',
	'secretEncryptedMessage',
	'scheduledCallEditMessage',
	'stickerSyncRmrMessage',
	'albumMessage', // Only says how many pictures follow.
	'call',
	'chat',
	'messageHistoryNotice',
	'messageHistoryBundle',
	'statusNotificationMessage',
]);

function hasOnlyHousekeeping(content: proto.IMessage): boolean {
	return Object.entries(content).every(
		([field, part]) => housekeeping.has(field) || part === null || part === undefined,
	);
}
