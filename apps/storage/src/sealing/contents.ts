import { MessageContent } from '@chat-manager/contracts';
import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';

/** What makes a message one message. */
export type MessageIdentity = { userId: string; jid: string; authorJid: string; messageId: string };

export type Contents = {
	seal(identity: MessageIdentity, content: MessageContent): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another message. */
	open(identity: MessageIdentity, sealed: Uint8Array): Promise<MessageContent>;
};

/** What messages say, encrypted with the user's data key and bound to the row that it stands in. */
export function createContents({ envelope, keyring }: { envelope: Envelope; keyring: Keyring }): Contents {
	return {
		async seal(identity, content) {
			const key = await keyring.get(identity.userId);
			return envelope.seal(key, Buffer.from(JSON.stringify(content)), contextOf(identity));
		},
		async open(identity, sealed) {
			const key = await keyring.get(identity.userId);
			const plaintext = envelope.open(key, sealed, contextOf(identity));
			return MessageContent.parse(JSON.parse(plaintext.toString()));
		},
	};
}

function contextOf({ userId, jid, authorJid, messageId }: MessageIdentity): string {
	return `storage/messages/${userId}/${jid}/${authorJid}/${messageId}`;
}
