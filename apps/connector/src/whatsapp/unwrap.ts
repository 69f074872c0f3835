import type { proto } from '@whiskeysockets/baileys';

/**
 * Fields that hold a whole message inside of a message: disappearing, shown once, a file with a caption, sent by another
 * device of the same person, and what else WhatsApp has wrapped over the years. Baileys' own list is shorter.
 */
const wrappers = [
	'deviceSentMessage',
	'ephemeralMessage',
	'viewOnceMessage',
	'viewOnceMessageV2',
	'viewOnceMessageV2Extension',
	'documentWithCaptionMessage',
	'editedMessage',
	'associatedChildMessage',
	'groupMentionedMessage',
	'groupStatusMessage',
	'groupStatusMessageV2',
	'groupStatusMentionMessage',
	'statusMentionMessage',
	'statusAddYours',
	'lottieStickerMessage',
	'botInvokeMessage',
	'botTaskMessage',
	'botForwardedMessage',
	'eventCoverImage',
	'pollCreationMessageV4',
	'pollCreationOptionImageMessage',
	'limitSharingMessage',
	'questionMessage',
	'questionReplyMessage',
] as const satisfies readonly (keyof proto.IMessage)[];

const maxDepth = 8;

/** The message inside of its wrappers, with the secret that any of them carries. */
export function unwrap(message: proto.IMessage): { content: proto.IMessage; secret: Uint8Array | null } {
	let content = message;
	let secret = secretOf(content);
	for (let depth = 0; depth < maxDepth; depth++) {
		const inner = wrappers.map((name) => content[name]?.message).find(Boolean);
		if (!inner) break;
		content = inner;
		secret = secretOf(content) ?? secret;
	}
	return { content, secret };
}

function secretOf({ messageContextInfo }: proto.IMessage): Uint8Array | null {
	const secret = messageContextInfo?.messageSecret;
	return secret && secret.length > 0 ? secret : null;
}
