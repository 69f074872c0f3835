import type { MessageContent, MessageKind } from '@chat-manager/contracts';
import type { proto } from '@whiskeysockets/baileys';
import type { z } from 'zod';

/** What one field of a message says. */
export type Part = {
	kind: z.infer<typeof MessageKind>;
	text: string | null;
	media?: MessageContent['media'];
};

type M = typeof proto.Message;
type Is<T> = T extends { create(properties?: infer P): unknown } ? NonNullable<P> : never;

/** Message field → what it says. The order matters where a message has several: the first that is there wins. */
export const describers: Partial<Record<keyof proto.IMessage, (part: never) => Part>> = {
	conversation: (text: string) => ({ kind: 'text', text }),
	extendedTextMessage: ({ text }: Is<M['ExtendedTextMessage']>) => said('text', text),
	imageMessage: (image: Is<M['ImageMessage']>) => media('image', image, image.caption),
	videoMessage: (video: Is<M['VideoMessage']>) => media('video', video, video.caption),
	ptvMessage: (video: Is<M['VideoMessage']>) => media('video', video, video.caption),
	audioMessage: (audio: Is<M['AudioMessage']>) => media('audio', audio, null),
	documentMessage: (file: Is<M['DocumentMessage']>) => media('document', file, file.caption),
	stickerMessage: (sticker: Is<M['StickerMessage']>) => media('sticker', sticker, null),
	stickerPackMessage: (pack: Is<M['StickerPackMessage']>) => said('sticker', pack.name, pack.caption),
	locationMessage: place,
	liveLocationMessage: (live: Is<M['LiveLocationMessage']>) => place({ ...live, name: live.caption ?? null }),
	contactMessage: ({ displayName }: Is<M['ContactMessage']>) => said('contact', displayName),
	contactsArrayMessage: ({ contacts }: Is<M['ContactsArrayMessage']>) =>
		said('contact', (contacts ?? []).map(({ displayName }) => displayName ?? '').join(', ')),
	pollCreationMessage: poll,
	pollCreationMessageV2: poll,
	pollCreationMessageV3: poll,
	pollCreationMessageV5: poll,
	pollResultSnapshotMessage: pollResult,
	pollResultSnapshotMessageV3: pollResult,
	eventMessage: ({ name, description, isCanceled }: Is<M['EventMessage']>) =>
		said('event', name, description, isCanceled ? '(canceled)' : null),
	scheduledCallCreationMessage: ({ title }: Is<M['ScheduledCallCreationMessage']>) => said('event', title),
	groupInviteMessage: ({ groupName, caption }: Is<M['GroupInviteMessage']>) =>
		said('other', groupName, caption),
	buttonsMessage: ({ text, contentText, footerText }: Is<M['ButtonsMessage']>) =>
		said('other', text, contentText, footerText),
	buttonsResponseMessage: (answer: Is<M['ButtonsResponseMessage']>) =>
		said('text', answer.selectedDisplayText),
	listMessage: ({ title, description }: Is<M['ListMessage']>) => said('other', title, description),
	listResponseMessage: ({ title, description }: Is<M['ListResponseMessage']>) =>
		said('text', title, description),
	templateMessage: ({ hydratedTemplate }: Is<M['TemplateMessage']>) =>
		said('other', hydratedTemplate?.hydratedTitleText, hydratedTemplate?.hydratedContentText),
	templateButtonReplyMessage: (answer: Is<M['TemplateButtonReplyMessage']>) =>
		said('text', answer.selectedDisplayText),
	interactiveMessage: ({ header, body, footer }: Is<M['InteractiveMessage']>) =>
		said('other', header?.title, body?.text, footer?.text),
	interactiveResponseMessage: ({ body }: Is<M['InteractiveResponseMessage']>) => said('text', body?.text),
	productMessage: ({ product, body }: Is<M['ProductMessage']>) =>
		said('other', product?.title, product?.description, body),
	orderMessage: ({ orderTitle, message }: Is<M['OrderMessage']>) => said('other', orderTitle, message),
	questionResponseMessage: ({ text }: Is<M['QuestionResponseMessage']>) => said('text', text),
};

/** The options of a poll as they were written: votes name them by the digest of exactly that. */
export function pollOptions({ options }: Pick<Is<M['PollCreationMessage']>, 'options'>): string[] {
	return (options ?? []).slice(0, maxOptions).map(({ optionName }) => optionName ?? '');
}

export function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim().slice(0, 1_000).toWellFormed();
}

const maxOptions = 100;

/** Lines that are there, under each other; null when there are none. */
function said(kind: Part['kind'], ...lines: (string | null | undefined)[]): Part {
	return { kind, text: lines.filter(Boolean).join('\n') || null };
}

function poll(creation: Is<M['PollCreationMessage']>): Part {
	return said('poll', creation.name, ...pollOptions(creation).map((option) => `- ${oneLine(option)}`));
}

function pollResult({ name, pollVotes }: Is<M['PollResultSnapshotMessage']>): Part {
	const lines = (pollVotes ?? []).map(
		({ optionName, optionVoteCount }) => `- ${oneLine(optionName ?? '')}: ${Number(optionVoteCount ?? 0)}`,
	);
	return said('poll', name, ...lines);
}

function place({ degreesLatitude, degreesLongitude, name, address }: Is<M['LocationMessage']>): Part {
	return said('location', name, address, `${degreesLatitude ?? '?'}, ${degreesLongitude ?? '?'}`);
}

type MediaPart = {
	mimetype?: string | null;
	fileName?: string | null;
	fileLength?: unknown;
	seconds?: number | null;
};

function media(kind: Part['kind'], part: MediaPart, caption: string | null | undefined): Part {
	const sizeBytes = Number(part.fileLength ?? Number.NaN);
	return {
		kind,
		text: caption || null,
		media: {
			mimeType: part.mimetype?.slice(0, 200).toWellFormed() ?? null,
			fileName: part.fileName?.slice(0, 1_000).toWellFormed() ?? null,
			sizeBytes: Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 ? sizeBytes : null,
			durationSeconds: part.seconds ?? null,
		},
	};
}
