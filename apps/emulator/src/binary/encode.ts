import { TAGS, TOKEN_MAP } from '@whiskeysockets/baileys/lib/WABinary/constants.js';
import type { Stanza } from './node.ts';

/**
 * Encodes a stanza as WhatsApp's binary XML, without compression.
 *
 * This is not Baileys' encoder on purpose: that one rewrites every text which happens to parse as an address (`Lunch
 * 12:30@HQ` loses its minutes) and miscounts attributes that are not text. Here a text is an address only when decoding
 * gives back the very same characters, and everything else is written raw.
 */
export function encodeStanza(stanza: Stanza): Buffer {
	const out: Buffer[] = [Buffer.from([0])];
	writeNode(out, stanza);
	return Buffer.concat(out);
}

function writeNode(out: Buffer[], { tag, attrs, content }: Stanza): void {
	const entries = Object.entries(attrs);
	writeListStart(out, 1 + 2 * entries.length + (content === undefined ? 0 : 1));
	writeText(out, tag);
	for (const [name, value] of entries) {
		writeText(out, name);
		writeText(out, value);
	}
	if (content === undefined) return;
	if (content instanceof Uint8Array) {
		writeBytes(out, content);
		return;
	}
	writeListStart(out, content.length);
	for (const item of content) writeNode(out, item);
}

function writeListStart(out: Buffer[], size: number): void {
	if (size === 0) out.push(Buffer.from([TAGS.LIST_EMPTY]));
	else if (size < 256) out.push(Buffer.from([TAGS.LIST_8, size]));
	else if (size < 65536) out.push(Buffer.from([TAGS.LIST_16, size >> 8, size & 255]));
	else throw new RangeError('A list of more than 65535 nodes cannot be encoded.');
}

function writeText(out: Buffer[], value: string): void {
	const token = Object.hasOwn(TOKEN_MAP, value) ? TOKEN_MAP[value] : undefined;
	if (token && value !== '') {
		out.push(
			Buffer.from(token.dict === undefined ? [token.index] : [TAGS.DICTIONARY_0 + token.dict, token.index]),
		);
		return;
	}
	if (!writeAddress(out, value)) writeBytes(out, Buffer.from(value, 'utf8'));
}

const PAIR = /^([0-9-]*)@(s\.whatsapp\.net|lid|g\.us|broadcast)$/;
const DEVICE = /^([0-9]+):([1-9][0-9]{0,2})@(s\.whatsapp\.net|lid)$/;

function writeAddress(out: Buffer[], value: string): boolean {
	const device = DEVICE.exec(value);
	if (device && Number(device[2]) <= 255) {
		out.push(Buffer.from([TAGS.AD_JID, device[3] === 'lid' ? 1 : 0, Number(device[2])]));
		writeText(out, device[1] ?? '');
		return true;
	}
	const pair = PAIR.exec(value);
	if (!pair) return false;
	out.push(Buffer.from([TAGS.JID_PAIR]));
	if (pair[1]) writeText(out, pair[1]);
	else out.push(Buffer.from([TAGS.LIST_EMPTY]));
	writeText(out, pair[2] ?? '');
	return true;
}

function writeBytes(out: Buffer[], value: Uint8Array): void {
	const size = value.length;
	if (size < 256) out.push(Buffer.from([TAGS.BINARY_8, size]));
	else if (size < 1 << 20) out.push(Buffer.from([TAGS.BINARY_20, size >> 16, (size >> 8) & 255, size & 255]));
	else {
		const header = Buffer.from([TAGS.BINARY_32, 0, 0, 0, 0]);
		header.writeUInt32BE(size, 1);
		out.push(header);
	}
	out.push(Buffer.from(value));
}
