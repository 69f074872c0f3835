import type { Vault } from '@chat-manager/backend';
import { MessageContent } from '@chat-manager/contracts';
import { z } from 'zod';

/** What makes a message one message. */
export type MessageIdentity = { userId: string; jid: string; authorJid: string; messageId: string };

/** What one person did to a message. */
export type ChangeIdentity = MessageIdentity & { kind: string; byJid: string };

export type Contents = {
	seal(identity: MessageIdentity, content: MessageContent): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another message. */
	open(identity: MessageIdentity, sealed: Uint8Array): Promise<MessageContent>;
	/** The same for what an edit says, before it becomes the message's. */
	sealEdit(identity: ChangeIdentity, content: MessageContent): Promise<Buffer>;
	openEdit(identity: ChangeIdentity, sealed: Uint8Array): Promise<MessageContent>;
	/** The same for what somebody chose: an emoji, options of a poll. */
	sealChoices(identity: ChangeIdentity, choices: readonly string[]): Promise<Buffer>;
	openChoices(identity: ChangeIdentity, sealed: Uint8Array): Promise<string[]>;
};

const Choices = z.array(z.string());

/** What messages say, encrypted with the user's data key and bound to the row that it stands in. */
export function createContents(vault: Vault): Contents {
	const placeOf = ({ userId, jid, authorJid, messageId }: MessageIdentity) => ({
		userId,
		row: `messages/${jid}/${authorJid}/${messageId}`,
	});
	const changePlaceOf = ({ userId, jid, authorJid, messageId, kind, byJid }: ChangeIdentity) => ({
		userId,
		row: `message_changes/${jid}/${authorJid}/${messageId}/${kind}/${byJid}`,
	});
	const open = async (place: ReturnType<typeof placeOf>, sealed: Uint8Array): Promise<unknown> =>
		JSON.parse((await vault.open(place, sealed)).toString());
	return {
		seal: (identity, content) => vault.seal(placeOf(identity), JSON.stringify(content)),
		open: async (identity, sealed) => MessageContent.parse(await open(placeOf(identity), sealed)),
		sealEdit: (identity, content) => vault.seal(changePlaceOf(identity), JSON.stringify(content)),
		openEdit: async (identity, sealed) => MessageContent.parse(await open(changePlaceOf(identity), sealed)),
		sealChoices: (identity, choices) => vault.seal(changePlaceOf(identity), JSON.stringify(choices)),
		openChoices: async (identity, sealed) => Choices.parse(await open(changePlaceOf(identity), sealed)),
	};
}
