import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { parseJid } from '../binary/jid.ts';
import { textOf } from '../phone/describe.ts';
import type { ReadMessage } from '../phone/notebook.ts';
import type { Bubble } from './schema.ts';

/** What a message is by itself, before anybody has reacted to it or changed it. */
export type Face = Pick<Bubble, 'kind' | 'text' | 'file' | 'place'> & {
	readonly replyTo?: { readonly id: string; readonly author: string; readonly text: string };
	readonly poll?: { readonly selectable: number; readonly options: string[]; readonly secret: Uint8Array };
	readonly invite?: { group: string; code: string; subject: string; expiresAtMs: number };
};

/** Messages never change once they are written down, so each is taken apart once. */
export function faceOf(message: ReadMessage): Face {
	const known = faces.get(message);
	if (known) return known;
	const decoded = proto.Message.decode(Buffer.from(message.message, 'base64'));
	const made = describe(normalizeMessageContent(decoded) ?? decoded, decoded);
	faces.set(message, made);
	return made;
}

const faces = new WeakMap<ReadMessage, Face>();

function describe(content: proto.IMessage, whole: proto.IMessage): Face {
	const text = textOf(content) ?? '';
	const { locationMessage: place, groupInviteMessage: invite, contactMessage: contact } = content;
	const media = mediaOf(content);
	if (media) return { kind: media.kind, text, file: fileOf(media.message), ...answering(media.message) };
	const poll = content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
	if (poll) {
		const options = (poll.options ?? []).map(({ optionName }) => optionName ?? '');
		const secret = whole.messageContextInfo?.messageSecret ?? new Uint8Array();
		return { kind: 'poll', text, poll: { selectable: poll.selectableOptionsCount ?? 0, options, secret } };
	}
	if (place) {
		const { degreesLatitude, degreesLongitude } = place;
		return {
			kind: 'location',
			text,
			place: { latitude: degreesLatitude ?? 0, longitude: degreesLongitude ?? 0 },
		};
	}
	if (contact) return { kind: 'contact', text };
	if (invite) {
		const { groupJid, inviteCode, groupName, inviteExpiration } = invite;
		return {
			kind: 'invite',
			text,
			invite: {
				group: groupJid ?? '',
				code: inviteCode ?? '',
				subject: groupName ?? '',
				expiresAtMs: Number(inviteExpiration ?? 0) * 1000,
			},
		};
	}
	if (content.conversation != null || content.extendedTextMessage)
		return { kind: 'text', text, ...answering(content.extendedTextMessage) };
	return { kind: 'other', text };
}

function mediaOf(
	content: proto.IMessage,
): { kind: 'image' | 'video' | 'audio' | 'document'; message: Media } | undefined {
	const { imageMessage, stickerMessage, videoMessage, audioMessage, documentMessage } = content;
	const image = imageMessage ?? stickerMessage;
	if (image) return { kind: 'image', message: image };
	if (videoMessage) return { kind: 'video', message: videoMessage };
	if (audioMessage) return { kind: 'audio', message: audioMessage };
	return documentMessage ? { kind: 'document', message: documentMessage } : undefined;
}

function fileOf({ mimetype, fileName, fileLength }: Media): NonNullable<Face['file']> {
	return { mimetype: mimetype ?? '', ...(fileName && { name: fileName }), bytes: Number(fileLength ?? 0) };
}

function answering(message: Pick<Media, 'contextInfo'> | null | undefined): Pick<Face, 'replyTo'> {
	const { stanzaId, participant, quotedMessage } = message?.contextInfo ?? {};
	if (!stanzaId) return {};
	const quoted = quotedMessage && (normalizeMessageContent(quotedMessage) ?? quotedMessage);
	return {
		replyTo: {
			id: stanzaId,
			author: parseJid(participant ?? '')?.user ?? '',
			text: (quoted && textOf(quoted)) ?? '',
		},
	};
}

/** What the kinds of files have in common. */
type Media = {
	mimetype?: string | null;
	fileName?: string | null;
	fileLength?: number | { toString(): string } | null;
	contextInfo?: proto.IContextInfo | null;
};
