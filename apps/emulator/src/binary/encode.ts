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
	// One stanza often goes to many devices, and into the queue of each.
	if (last?.stanza === stanza) return last.encoded;
	const out: Output = { bytes: scratch, size: 0 };
	writeByte(out, 0);
	writeNode(out, stanza);
	const encoded = Buffer.from(out.bytes.subarray(0, out.size));
	last = { stanza, encoded };
	return encoded;
}

/** Where stanzas are written before they are cut to size; a larger one gets more room of its own. */
const scratch = Buffer.alloc(64 * 1024);
let last: { readonly stanza: Stanza; readonly encoded: Buffer } | undefined;

const TOKENS = new Map(
	Object.entries(TOKEN_MAP)
		.filter(([text]) => text !== '')
		.map(([text, { dict, index }]) => [text, { dict, index }]),
);

function writeNode(out: Output, { tag, attrs, content }: Stanza): void {
	const names = Object.keys(attrs);
	writeListStart(out, 1 + 2 * names.length + (content === undefined ? 0 : 1));
	writeText(out, tag);
	for (const name of names) {
		writeText(out, name);
		writeText(out, attrs[name] ?? '');
	}
	if (content === undefined) return;
	if (content instanceof Uint8Array) {
		writeBytes(out, content);
		return;
	}
	writeListStart(out, content.length);
	for (const item of content) writeNode(out, item);
}

function writeListStart(out: Output, size: number): void {
	if (size === 0) writeByte(out, TAGS.LIST_EMPTY);
	else if (size < 256) {
		writeByte(out, TAGS.LIST_8);
		writeByte(out, size);
	} else if (size < 65536) {
		writeByte(out, TAGS.LIST_16);
		writeNumber(out, size, 2);
	} else throw new RangeError('A list of more than 65535 nodes cannot be encoded.');
}

function writeText(out: Output, value: string): void {
	const token = TOKENS.get(value);
	if (token) {
		if (token.dict !== undefined) writeByte(out, TAGS.DICTIONARY_0 + token.dict);
		writeByte(out, token.index);
	} else if (!value.includes('@') || !writeAddress(out, value)) {
		writeBytes(out, Buffer.from(value, 'utf8'));
	}
}

const PAIR = /^([0-9-]*)@(s\.whatsapp\.net|lid|g\.us|broadcast)$/;
const DEVICE = /^([0-9]+):([1-9][0-9]{0,2})@(s\.whatsapp\.net|lid)$/;

function writeAddress(out: Output, value: string): boolean {
	const device = DEVICE.exec(value);
	if (device && Number(device[2]) <= 255) {
		writeByte(out, TAGS.AD_JID);
		writeByte(out, device[3] === 'lid' ? 1 : 0);
		writeByte(out, Number(device[2]));
		writeText(out, device[1] ?? '');
		return true;
	}
	const pair = PAIR.exec(value);
	if (!pair) return false;
	writeByte(out, TAGS.JID_PAIR);
	if (pair[1]) writeText(out, pair[1]);
	else writeByte(out, TAGS.LIST_EMPTY);
	writeText(out, pair[2] ?? '');
	return true;
}

function writeBytes(out: Output, value: Uint8Array): void {
	const size = value.length;
	if (size < 256) {
		writeByte(out, TAGS.BINARY_8);
		writeByte(out, size);
	} else if (size < 1 << 20) {
		writeByte(out, TAGS.BINARY_20);
		writeNumber(out, size, 3);
	} else {
		writeByte(out, TAGS.BINARY_32);
		writeNumber(out, size, 4);
	}
	room(out, size);
	out.bytes.set(value, out.size);
	out.size += size;
}

function writeNumber(out: Output, value: number, length: number): void {
	room(out, length);
	out.size = out.bytes.writeUIntBE(value, out.size, length);
}

function writeByte(out: Output, value: number): void {
	room(out, 1);
	out.bytes[out.size++] = value;
}

function room(out: Output, more: number): void {
	if (out.size + more <= out.bytes.length) return;
	const larger = Buffer.alloc(2 * (out.size + more));
	larger.set(out.bytes.subarray(0, out.size));
	out.bytes = larger;
}

type Output = { bytes: Buffer; size: number };
