import type { MessageContent } from '@chat-manager/contracts';
import { MemberJid, MessageId, type MessageKind } from '@chat-manager/contracts';
import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { z } from 'zod';
import { withoutDevice } from './stanza.ts';

export type Described = { kind: z.infer<typeof MessageKind>; content: MessageContent };

/**
 * What a WhatsApp message says, in our terms: its kind, text, reply and mentions, media as metadata only. `undefined` for
 * what is no message of its own: keys, edits, deletions, reactions, votes and the protocol's housekeeping.
 */
export function describeMessage(message: proto.IMessage): Described | undefined {
	const content = normalizeMessageContent(message);
	if (!content) return undefined;
	for (const [field, describe] of Object.entries(describers)) {
		const part = content[field as keyof proto.IMessage];
		if (part === null || part === undefined || part === '') continue;
		const { kind, text, media } = describe(part as never);
		const context = (part as { contextInfo?: proto.IContextInfo | null }).contextInfo;
		return { kind, content: { text, media: media ?? null, ...references(context) } };
	}
	return hasOnlyHousekeeping(content)
		? undefined
		: { kind: 'other', content: { ...nothing, ...references(null) } };
}

/** The same for the protobuf of a message. */
export function describeContent(content: Uint8Array): Described | undefined {
	return describeMessage(proto.Message.decode(content));
}

type Part = { kind: Described['kind']; text: string | null; media?: MessageContent['media'] };

const nothing = { text: null, media: null };

/** Message field → what it says. The order matters where a message has several: the first that is there wins. */
const describers: Record<string, (part: never) => Part> = {
	conversation: (text: string) => ({ kind: 'text', text }),
	extendedTextMessage: ({ text }: proto.Message.IExtendedTextMessage) => ({
		kind: 'text',
		text: text ?? null,
	}),
	imageMessage: (image: proto.Message.IImageMessage) => media('image', image, image.caption),
	videoMessage: (video: proto.Message.IVideoMessage) => media('video', video, video.caption),
	ptvMessage: (video: proto.Message.IVideoMessage) => media('video', video, video.caption),
	audioMessage: (audio: proto.Message.IAudioMessage) => media('audio', audio, null),
	documentMessage: (file: proto.Message.IDocumentMessage) => media('document', file, file.caption),
	stickerMessage: (sticker: proto.Message.IStickerMessage) => media('sticker', sticker, null),
	locationMessage: (place: proto.Message.ILocationMessage) => ({
		kind: 'location',
		text: describePlace(place),
	}),
	liveLocationMessage: (place: proto.Message.ILiveLocationMessage) => ({
		kind: 'location',
		text: describePlace(place),
	}),
	contactMessage: ({ displayName }: proto.Message.IContactMessage) => ({
		kind: 'contact',
		text: displayName ?? null,
	}),
	contactsArrayMessage: ({ contacts }: proto.Message.IContactsArrayMessage) => ({
		kind: 'contact',
		text: (contacts ?? []).map(({ displayName }) => displayName ?? '').join(', '),
	}),
	pollCreationMessage: describePoll,
	pollCreationMessageV2: describePoll,
	pollCreationMessageV3: describePoll,
	eventMessage: ({ name, description }: proto.Message.IEventMessage) => ({
		kind: 'event',
		text: [name, description].filter(Boolean).join('\n') || null,
	}),
	groupInviteMessage: ({ groupName, caption }: proto.Message.IGroupInviteMessage) => ({
		kind: 'other',
		text: [groupName, caption].filter(Boolean).join('\n') || null,
	}),
};

function describePoll({ name, options }: proto.Message.IPollCreationMessage): Part {
	const lines = (options ?? []).map(({ optionName }) => `- ${optionName ?? ''}`);
	return { kind: 'poll', text: [name ?? '', ...lines].join('\n') };
}

function describePlace({
	degreesLatitude,
	degreesLongitude,
	...place
}: proto.Message.ILocationMessage): string {
	const words = [place.name, place.address, `${degreesLatitude ?? '?'}, ${degreesLongitude ?? '?'}`];
	return words.filter(Boolean).join('\n');
}

type MediaPart = {
	mimetype?: string | null;
	fileName?: string | null;
	fileLength?: unknown;
	seconds?: number | null;
};

function media(kind: Described['kind'], part: MediaPart, caption: string | null | undefined): Part {
	const sizeBytes = Number(part.fileLength ?? Number.NaN);
	return {
		kind,
		text: caption || null,
		media: {
			mimeType: part.mimetype ?? null,
			fileName: part.fileName ?? null,
			sizeBytes: Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 ? sizeBytes : null,
			durationSeconds: part.seconds ?? null,
		},
	};
}

function references(
	context: proto.IContextInfo | null | undefined,
): Pick<MessageContent, 'replyTo' | 'mentions'> {
	const replyTo = MessageId.safeParse(context?.stanzaId);
	const mentions = (context?.mentionedJid ?? []).map(withoutDevice);
	return {
		replyTo: replyTo.success ? replyTo.data : null,
		mentions: mentions.filter((jid) => MemberJid.safeParse(jid).success),
	};
}

/** Fields that carry no words of a person. Everything else that is not described is shown as kind `other`. */
const housekeeping = new Set([
	'senderKeyDistributionMessage',
	'messageContextInfo',
	'protocolMessage',
	'reactionMessage',
	'encReactionMessage',
	'pollUpdateMessage',
	'keepInChatMessage',
	'pinInChatMessage',
	'deviceSentMessage',
	'editedMessage',
	'placeholderMessage',
	'secretEncryptedMessage',
]);

function hasOnlyHousekeeping(content: proto.IMessage): boolean {
	return Object.entries(content).every(
		([field, part]) => housekeeping.has(field) || part === null || part === undefined,
	);
}
