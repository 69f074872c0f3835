import type { MessageContent } from '@chat-manager/contracts';
import { proto } from '@whiskeysockets/baileys';
import { describeMessage } from './describe-message.ts';
import { pollOptions } from './describe-part.ts';
import { unwrap } from './unwrap.ts';

/**
 * What a message says about an earlier one. `key` names that one as its sender sees it. `revision` is the sender's clock in
 * milliseconds, null where it is not told: of two changes by one person the later one counts.
 */
export type DescribedChange = { key: proto.IMessageKey; revision: number | null } & (
	| { kind: 'edit'; content: MessageContent | null }
	| { kind: 'deletion' }
	| { kind: 'reaction'; removed: boolean; content: MessageContent | null }
	| { kind: 'vote'; vote: EncryptedVote }
);

export type EncryptedVote = { encPayload: Uint8Array; encIv: Uint8Array };

/** What is needed to read the votes of a poll; the options as they were written. */
export type Poll = { secret: Uint8Array; options: string[] };

const { Type } = proto.Message.ProtocolMessage;

/** `undefined` for a message that changes no other. Edits that are encrypted a second time are known to be edits only. */
export function describeChange(message: proto.IMessage): DescribedChange | undefined {
	const { content } = unwrap(message);
	const { protocolMessage, reactionMessage, pollUpdateMessage, secretEncryptedMessage } = content;
	if (protocolMessage?.key) return describeProtocol({ ...protocolMessage, key: protocolMessage.key });
	if (reactionMessage?.key) {
		const { key, text, senderTimestampMs } = reactionMessage;
		return {
			kind: 'reaction',
			key,
			revision: millis(senderTimestampMs),
			removed: !text,
			content: text ? justText(text.slice(0, maxEmojiLength).toWellFormed()) : null,
		};
	}
	if (content.encReactionMessage?.targetMessageKey) {
		const { targetMessageKey: key } = content.encReactionMessage;
		return { kind: 'reaction', key, revision: null, removed: false, content: null };
	}
	if (pollUpdateMessage?.pollCreationMessageKey) {
		const { pollCreationMessageKey: key, vote, senderTimestampMs } = pollUpdateMessage;
		const { encPayload, encIv } = vote ?? {};
		const encrypted = { encPayload: encPayload ?? new Uint8Array(), encIv: encIv ?? new Uint8Array() };
		return { kind: 'vote', key, revision: millis(senderTimestampMs), vote: encrypted };
	}
	const isEdit = secretEncryptedMessage?.secretEncType === secretEdit;
	if (isEdit && secretEncryptedMessage.targetMessageKey)
		return { kind: 'edit', key: secretEncryptedMessage.targetMessageKey, revision: null, content: null };
	return undefined;
}

/** The secret and the options of a poll; undefined for any other message, and for a poll whose votes nobody can read. */
export function describePoll(message: proto.IMessage): Poll | undefined {
	const { content, secret } = unwrap(message);
	const poll =
		content.pollCreationMessage ??
		content.pollCreationMessageV2 ??
		content.pollCreationMessageV3 ??
		content.pollCreationMessageV5;
	const known = secret ?? (poll?.encKey?.length ? poll.encKey : null);
	return poll && known ? { secret: known, options: pollOptions(poll) } : undefined;
}

const secretEdit = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT;
/** Longer than any emoji. */
const maxEmojiLength = 64;

function describeProtocol(
	protocol: proto.Message.IProtocolMessage & { key: proto.IMessageKey },
): DescribedChange | undefined {
	const { key, type, editedMessage, timestampMs } = protocol;
	const revision = millis(timestampMs);
	// What is not on the wire reads as the first of the enumeration, which happens to be the deletion.
	if (type === Type.REVOKE) return { kind: 'deletion', key, revision };
	if (type !== Type.MESSAGE_EDIT) return undefined;
	const described = editedMessage ? describeMessage(editedMessage) : undefined;
	return { kind: 'edit', key, revision, content: described?.content ?? null };
}

function justText(text: string): MessageContent {
	return { text, media: null, mentions: [], replyTo: null };
}

function millis(value: unknown): number | null {
	const number = Number(value ?? 0);
	return Number.isSafeInteger(number) && number > 0 ? number : null;
}
