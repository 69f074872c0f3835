import { MemberJid } from '@chat-manager/contracts';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { messageIdOf, withoutDevice } from './stanza.ts';

/** What members' devices tell of messages that this account sent to a group. */
export type GroupReceipt = {
	chatJid: string;
	messageId: string;
	memberJid: string;
	/** Opened, or only arrived. */
	read: boolean;
	/** Milliseconds since the epoch. */
	at: number;
};

/** By the type of the receipt; any other (a retry, what the own devices tell each other) says nothing of members. */
const readByType: Record<string, boolean> = { '': false, inactive: false, read: true, played: true };

/**
 * Reads a receipt: of one member for one message and those in its list, or of many members for one message
 * (`<participants>`, as large groups get them). Empty for any other stanza.
 */
export function readGroupReceipts(node: BinaryNode): GroupReceipt[] {
	const { tag, attrs } = node;
	const { from, participant, id, t, type = '' } = attrs;
	const read = readByType[type];
	if (tag !== 'receipt' || read === undefined || !from?.endsWith('@g.us')) return [];
	const receipt = (messageId: string, jid: string | undefined, seconds: string | undefined) => {
		const memberJid = withoutDevice(jid ?? '');
		const at = Number(seconds) * 1000;
		if (messageId === '' || !MemberJid.safeParse(memberJid).success) return [];
		const isTime = Number.isSafeInteger(at) && at > 0;
		return [
			{ chatJid: from, messageId: messageIdOf(messageId), memberJid, read, at: isTime ? at : Date.now() },
		];
	};
	const many = getBinaryNodeChildren(node, 'participants');
	if (many.length > 0)
		return many.flatMap((group) =>
			getBinaryNodeChildren(group, 'user').flatMap(({ attrs: user }) =>
				receipt(group.attrs.key ?? id ?? '', user.jid, user.t ?? t),
			),
		);
	const others = getBinaryNodeChildren(getBinaryNodeChild(node, 'list'), 'item').flatMap(
		(item) => item.attrs.id ?? [],
	);
	return [id ?? '', ...others].flatMap((messageId) => receipt(messageId, participant, t));
}
