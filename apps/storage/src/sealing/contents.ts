import type { Vault } from '@chat-manager/backend';
import { MessageContent } from '@chat-manager/contracts';

/** What makes a message one message. */
export type MessageIdentity = { userId: string; jid: string; authorJid: string; messageId: string };

export type Contents = {
	seal(identity: MessageIdentity, content: MessageContent): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another message. */
	open(identity: MessageIdentity, sealed: Uint8Array): Promise<MessageContent>;
};

/** What messages say, encrypted with the user's data key and bound to the row that it stands in. */
export function createContents(vault: Vault): Contents {
	const placeOf = ({ userId, jid, authorJid, messageId }: MessageIdentity) => ({
		userId,
		row: `messages/${jid}/${authorJid}/${messageId}`,
	});
	return {
		seal: (identity, content) => vault.seal(placeOf(identity), JSON.stringify(content)),
		async open(identity, sealed) {
			return MessageContent.parse(JSON.parse((await vault.open(placeOf(identity), sealed)).toString()));
		},
	};
}
