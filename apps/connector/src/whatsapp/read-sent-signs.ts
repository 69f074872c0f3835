import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { messageIdOf } from './stanza.ts';

/**
 * The ids of messages that WhatsApp took, as far as a stanza is a sign of it: its acknowledgement, or what anybody's device
 * says of them in a group, be it that it could not read them. Messages of others are among them.
 */
export function readSentSigns(node: BinaryNode): string[] {
	const { tag, attrs } = node;
	const { id, from } = attrs;
	if (id === undefined) return [];
	if (tag === 'ack') return attrs.class === 'message' && attrs.error === undefined ? [messageIdOf(id)] : [];
	if (tag !== 'receipt' || !from?.endsWith('@g.us')) return [];
	const listed = getBinaryNodeChildren(getBinaryNodeChild(node, 'list'), 'item').map((item) => item.attrs.id);
	const many = getBinaryNodeChildren(node, 'participants').map((group) => group.attrs.key);
	return [id, ...listed, ...many].flatMap((one) => (one ? [messageIdOf(one)] : []));
}
