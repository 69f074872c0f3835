import { proto } from '@whiskeysockets/baileys';
import { type MediaKind, openMedia, sealMedia } from '../crypto/media.ts';
import { Refusal } from '../network/refusal.ts';
import type { Content } from './content.ts';
import type { ReadMessage } from './notebook.ts';
import type { Phone } from './phone.ts';

type FileContent = Extract<Content, { data: string }>;

const KINDS = {
	image: { media: 'Image', mimetype: 'image/jpeg' },
	video: { media: 'Video', mimetype: 'video/mp4' },
	audio: { media: 'Audio', mimetype: 'audio/ogg; codecs=opus' },
	document: { media: 'Document', mimetype: 'application/octet-stream' },
} as const satisfies Record<FileContent['kind'], { media: MediaKind; mimetype: string }>;

/** Puts a file on the media host, encrypted, and makes the message that tells where it is and how to open it. */
export function fileMessage(
	{ ctx }: Phone,
	content: FileContent,
	contextInfo: proto.IContextInfo | undefined,
): proto.IMessage {
	const { media, mimetype } = KINDS[content.kind];
	const sealed = sealMedia(Buffer.from(content.data, 'base64'), media);
	const directPath = ctx.media.put(sealed.content);
	const { mediaKey, fileSha256, fileEncSha256, fileLength } = sealed;
	const common = {
		url: `https://${ctx.media.host()}${directPath}`,
		directPath,
		mediaKey,
		mediaKeyTimestamp: Math.floor(ctx.nowMs() / 1000),
		mimetype: content.mimetype ?? mimetype,
		fileSha256,
		fileEncSha256,
		fileLength,
		...(content.caption === undefined ? {} : { caption: content.caption }),
		...(contextInfo === undefined ? {} : { contextInfo }),
	};
	if (content.kind === 'image') return { imageMessage: common };
	if (content.kind === 'video') return { videoMessage: common };
	if (content.kind === 'audio') return { audioMessage: { ...common, ptt: content.voice ?? false } };
	return { documentMessage: { ...common, fileName: content.fileName } };
}

/** Fetches the file of a message from the media host and opens it. Throws `Refusal` when there is none. */
export function openFile({ ctx }: Phone, { message, id }: ReadMessage): Buffer {
	const decoded = proto.Message.decode(Buffer.from(message, 'base64'));
	const document = decoded.documentMessage ?? decoded.documentWithCaptionMessage?.message?.documentMessage;
	const files = [
		{ file: decoded.imageMessage ?? decoded.stickerMessage, kind: 'Image' },
		{ file: decoded.videoMessage, kind: 'Video' },
		{ file: decoded.audioMessage, kind: 'Audio' },
		{ file: document, kind: 'Document' },
	] as const;
	for (const { file, kind } of files) {
		if (!file?.mediaKey) continue;
		const content = ctx.media.get(file.directPath ?? '');
		if (!content) throw new Refusal(410, `The file of message ${id} is not on the media host any more.`);
		return openMedia(content, file.mediaKey, kind);
	}
	throw new Refusal(404, `The message ${id} has no file.`);
}
