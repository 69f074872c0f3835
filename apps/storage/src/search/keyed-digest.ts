import { hash, type KeyObject } from 'node:crypto';

const blockBytes = 64;

/**
 * HMAC-SHA-256 (RFC 2104) of many short texts with one key, as hex, from plain hashes: a message has a dozen words, and
 * `createHmac`, which makes an object for each of them, takes nearly twice as long. The key has 64 bytes at the most.
 */
export function createKeyedDigest(key: KeyObject): (text: string) => string {
	const bytes = key.export();
	let inner = padded(bytes, 0x36, blockBytes + 256);
	const outer = padded(bytes, 0x5c, blockBytes + 32);
	return (text) => {
		const end = blockBytes + Buffer.byteLength(text);
		if (end > inner.length) inner = padded(bytes, 0x36, end);
		inner.write(text, blockBytes);
		outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'latin1');
		return hash('sha256', outer, 'hex');
	};
}

/** The first block of a hash: the key, each byte of it with the pad. */
function padded(key: Uint8Array, pad: number, length: number): Buffer {
	const bytes = Buffer.alloc(length, pad);
	for (const [index, byte] of key.entries()) bytes[index] = byte ^ pad;
	return bytes;
}
