import { inflateSync } from 'node:zlib';
import { type BinaryNode, decodeDecompressedBinaryNode } from '@whiskeysockets/baileys';
import * as dictionary from '@whiskeysockets/baileys/lib/WABinary/constants.js';
import { MalformedStanza, node, type Stanza } from './node.ts';

const COMPRESSED = 2;
const MAX_INFLATED_BYTES = 4 * 1024 * 1024;
/** Nothing goes on to others that would exhaust their stack: Baileys' decoder, and its process, die of a few thousand levels. */
const MAX_DEPTH = 50;

/** Decodes one frame with Baileys' own decoder. Throws `MalformedStanza` for anything that is no stanza. */
export function decodeStanza(frame: Buffer): Stanza {
	try {
		const flags = frame.readUInt8(0);
		const rest = frame.subarray(1);
		const plain = flags & COMPRESSED ? inflateSync(rest, { maxOutputLength: MAX_INFLATED_BYTES }) : rest;
		return normalise(decodeDecompressedBinaryNode(plain, dictionary));
	} catch (cause) {
		throw new MalformedStanza('The frame is no binary XML.', { cause });
	}
}

/** Text content (a dictionary token, say) becomes bytes, so that there is one kind of leaf. */
function normalise(raw: BinaryNode, depth = 0): Stanza {
	if (depth > MAX_DEPTH) throw new MalformedStanza('The stanza is nested too deeply.');
	const { content } = raw;
	if (content === undefined) return node(raw.tag, raw.attrs);
	if (typeof content === 'string') return node(raw.tag, raw.attrs, Buffer.from(content, 'utf8'));
	if (content instanceof Uint8Array) return node(raw.tag, raw.attrs, content);
	return node(
		raw.tag,
		raw.attrs,
		content.map((child) => normalise(child, depth + 1)),
	);
}
