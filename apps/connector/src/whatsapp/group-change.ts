import { type BinaryNode, getAllBinaryNodeChildren } from '@whiskeysockets/baileys';

/** What a notice can be about without changing anything that is recorded of a group. */
const harmless = new Set(['invite', 'revoke', 'created_membership_requests', 'revoked_membership_requests']);

/** The group that a stanza tells a change of, whatever the change; `undefined` for any other stanza. */
export function readChangedGroup(node: BinaryNode): string | undefined {
	const { type, from } = node.attrs;
	if (node.tag !== 'notification' || type !== 'w:gp2' || from === undefined) return undefined;
	const [child] = getAllBinaryNodeChildren(node);
	return child === undefined || harmless.has(child.tag) ? undefined : from;
}
