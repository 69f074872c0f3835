import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';

/** What WhatsApp says about linking that Baileys keeps to itself. */
export type LinkSigns = {
	isCodeTyped: boolean;
	codeRefusal: number | null;
	needsPasskey: boolean;
};

/**
 * The notifications that begin and continue linking by passkey. Baileys acknowledges and drops them, and the connection
 * hangs: https://github.com/WhiskeySockets/Baileys/issues/2672. The answer takes a WebAuthn assertion for whatsapp.com, which
 * only a browser on that site can make.
 */
const passkeyTypes = ['passkey_prologue_request', 'crsc_continuation'];

/** What a stanza that arrives while nothing is linked says of the attempt; empty for any other. */
export function readLinkSigns(node: BinaryNode): Partial<LinkSigns> {
	const { tag, attrs } = node;
	if (tag === 'notification') {
		if (passkeyTypes.includes(attrs.type ?? '')) return { needsPasskey: true };
		if (attrs.type !== 'link_code_companion_reg') return {};
		const stage = getBinaryNodeChild(node, 'link_code_companion_reg')?.attrs.stage;
		return stage === 'primary_hello' ? { isCodeTyped: true } : {};
	}
	// The one thing that a device that is not linked asks for is a code: Baileys does not wait for the answer.
	if (tag !== 'iq' || attrs.type !== 'error') return {};
	const code = Number(getBinaryNodeChild(node, 'error')?.attrs.code ?? 0);
	return { codeRefusal: code };
}
